#!/usr/bin/env bash
# Sends one message to a live floor, signed as Standard Webhooks say. Needs openssl and curl.
#
#   ADDRESS=https://…/api/floor/…/needs SECRET=whsec_… ./send_needs.sh '{"place": "14", "kind": "bill"}'
#
# A retry of the same message keeps its id: MESSAGE_ID=till-4711 ./send_needs.sh '…'
set -euo pipefail
body=$1 id=${MESSAGE_ID:-$(openssl rand -hex 16)} at=$(date +%s)
key=$(printf %s "${SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
signature=$(printf %s "$id.$at.$body" |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)
curl -s "$ADDRESS" -H 'content-type: application/json' --data-binary "$body" \
  -H "webhook-id: $id" -H "webhook-timestamp: $at" -H "webhook-signature: v1,$signature"
