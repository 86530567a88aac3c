/* M/M/c in C: Philox4x32-10 draws (Salmon et al. 2011), then a heap event loop that keeps the same
 * columns a need as the engine; and the departure recursion, for what it is without events. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

typedef struct { uint32_t word[4]; } Block;
typedef struct { double at; int64_t server; } Event;

static Block philox(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t k0, uint32_t k1) {
    for (int turn = 0; turn < 10; turn++) {
        uint64_t left = (uint64_t)0xD2511F53u * a, right = (uint64_t)0xCD9E8D57u * c;
        uint32_t na = (uint32_t)(right >> 32) ^ b ^ k0, nc = (uint32_t)(left >> 32) ^ d ^ k1;
        a = na; b = (uint32_t)right; c = nc; d = (uint32_t)left;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return (Block){{a, b, c, d}};
}

/* Two numbers in (0, 1), of 52 bits and a half, from one block: as the engine makes them. */
static double unit(uint32_t high, uint32_t low) {
    return ((double)((uint64_t)(high >> 6) << 26 | low >> 6) + 0.5) * 0x1p-52;
}

/* Draw arrivals and services of one replication; gives how many came before `until_s`. */
int64_t draw(uint64_t seed, uint32_t replication, double rate, double mean_s, double until_s,
             int64_t room, double *created_s, int64_t *node, int64_t *kind, double *service_s,
             double *patience_s, double *asks_s) {
    const double slot_s = 3600.0;
    double at = 0.0, spent = 0.0, lasts = until_s < slot_s ? until_s : slot_s;
    int64_t slot = 0;
    for (int64_t k = 0; k < room; k++) {
        Block both = philox((uint32_t)k, replication, 0, 0, (uint32_t)seed, (uint32_t)(seed >> 32));
        at -= log(unit(both.word[0], both.word[1])) / rate;
        if (at >= until_s) return k;
        while (at >= spent + lasts) {
            spent += lasts;
            slot++;
            lasts = until_s - (double)slot * slot_s;
            if (lasts > slot_s) lasts = slot_s;
        }
        created_s[k] = asks_s[k] = (double)slot * slot_s + (at - spent) / lasts * lasts;
        node[k] = kind[k] = 0;
        service_s[k] = -mean_s * log(unit(both.word[2], both.word[3]));
        patience_s[k] = INFINITY;
    }
    return -1;
}

static int earlier(Event a, Event b) { return a.at < b.at || (a.at == b.at && a.server < b.server); }

/* First come, first served by the server that has been idle longest. */
int event_loop(int64_t count, int64_t servers, const double *created_s, const double *service_s,
               double *known_s, double *started_s, double *ended_s, int64_t *server, int64_t *trip,
               int64_t *outcome, double *busy_s) {
    Event *heap = malloc(servers * sizeof(Event));
    int64_t *idle = malloc(servers * sizeof(int64_t)), *serving = malloc(servers * sizeof(int64_t));
    int64_t size = 0, come = 0, next = 0, idle_first = 0, idle_count = servers, done = 0;
    for (int64_t k = 0; k < servers; k++) { idle[k] = k; busy_s[k] = 0.0; }
    for (int64_t k = 0; k < count; k++) {
        known_s[k] = started_s[k] = ended_s[k] = INFINITY;
        server[k] = trip[k] = -1;
        outcome[k] = 2;
    }
    while (done < count) {
        double now;
        int64_t who = -1;
        if (size && (come == count || heap[0].at <= created_s[come])) {
            now = heap[0].at;
            who = heap[0].server;
            Event last = heap[--size];
            int64_t hole = 0, child;
            while ((child = 2 * hole + 1) < size) {
                if (child + 1 < size && earlier(heap[child + 1], heap[child])) child++;
                if (!earlier(heap[child], last)) break;
                heap[hole] = heap[child];
                hole = child;
            }
            heap[hole] = last;
            ended_s[serving[who]] = now;
            outcome[serving[who]] = 0;
            done++;
            if (next == come) {
                idle[(idle_first + idle_count++) % servers] = who;
                continue;
            }
        } else {
            now = created_s[come];
            known_s[come++] = now;
            if (!idle_count) continue;
            who = idle[idle_first];
            idle_first = (idle_first + 1) % servers;
            idle_count--;
        }
        int64_t need = next++, hole = size++;
        Event added = {now + service_s[need], who};
        started_s[need] = now;
        server[need] = who;
        trip[need] = 0;
        busy_s[who] += service_s[need];
        serving[who] = need;
        while (hole && earlier(added, heap[(hole - 1) / 2])) {
            heap[hole] = heap[(hole - 1) / 2];
            hole = (hole - 1) / 2;
        }
        heap[hole] = added;
    }
    free(heap); free(idle); free(serving);
    return 0;
}

/* Each customer takes the server that becomes free first: no events at all. */
void recursion(int64_t count, int64_t servers, const double *created_s, const double *service_s,
               double *known_s, double *started_s, double *ended_s, int64_t *server,
               int64_t *trip, int64_t *outcome, double *busy_s) {
    double *free_s = calloc(servers, sizeof(double));
    for (int64_t k = 0; k < servers; k++) busy_s[k] = 0.0;
    for (int64_t need = 0; need < count; need++) {
        int64_t first = 0;
        for (int64_t k = 1; k < servers; k++)
            if (free_s[k] < free_s[first]) first = k;
        double now = created_s[need] > free_s[first] ? created_s[need] : free_s[first];
        known_s[need] = created_s[need];
        started_s[need] = now;
        ended_s[need] = free_s[first] = now + service_s[need];
        server[need] = first;
        trip[need] = outcome[need] = 0;
        busy_s[first] += service_s[need];
    }
    free(free_s);
}
