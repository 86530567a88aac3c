// In the demo a party's key comes along with its seat; what was kept for another party goes.
for (const form of document.querySelectorAll("form[data-key]")) {
  form.addEventListener("submit", () => {
    const mine = `upturn exchange ${form.dataset.exchange} `;
    try {
      for (const name of Object.keys(localStorage)) if (name.startsWith(mine)) localStorage.removeItem(name);
      localStorage.setItem(`${mine}key`, JSON.stringify(form.dataset.key));
    } catch { /* this browser keeps nothing; pages ask for the key file then */ }
  });
}
