// Gives the sheet the token that this device made of its card; runs before answer.js.
import { tidy, tokenFor } from "./token_place.js";

tidy();
document.querySelector(".needs")?.remove();
const sheet = document.querySelector("#sheet[hidden]");
const token = tokenFor(location.pathname);
if (sheet && token) {
  for (const name of ["prepared", "signature"]) sheet.elements[name].value = token[name];
  sheet.hidden = false;
} else if (sheet) {
  sheet.remove();
  document.querySelector("#no-token").hidden = false;
}
