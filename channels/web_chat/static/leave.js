// On every page: leave at once, never show an old page again, open "My way" when asked, keep it when saved.

const SHIFTS_TO_LEAVE = 3;
const SHIFTS_WITHIN_MS = 5000;

/** Take everything off the screen before the next page is even asked for. */
export function hidePage() {
  document.title = "";
  document.documentElement.hidden = true;
  document.body.replaceChildren();
}

function leave(address) {
  hidePage();
  location.replace(address);
}

function watchForLeaving() {
  const link = document.getElementById("leave");
  if (!link) return;
  const address = link.dataset.to;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave(address);
  });
  // Shift three times, with nothing between. Not Escape: screen readers use it.
  let presses = [];
  let alone = false;
  addEventListener("keydown", (event) => {
    alone = event.key === "Shift" && !event.repeat;
    if (event.key !== "Shift") presses = [];
  });
  addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone) return;
    presses = [...presses, event.timeStamp].filter((at) => event.timeStamp - at < SHIFTS_WITHIN_MS);
    if (presses.length >= SHIFTS_TO_LEAVE) leave(address);
  });
}

// A browser may keep a page as it was and show it on "back": ask for it anew instead, so that nobody's words come up.
function neverShowAnOldPage() {
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    hidePage();
    location.reload();
  });
}

function keepMyWay() {
  const form = document.getElementById("look");
  if (!form) return;
  const fold = form.closest("details");
  document.querySelector("a.way")?.addEventListener("click", () => {
    fold.open = true;
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = new FormData(form);
    chosen.delete("show");
    for (const [name, value] of chosen) document.documentElement.dataset[name] = value;
    const said = document.getElementById("look-saved");
    try {
      await fetch(form.action, { method: "POST", body: new URLSearchParams(chosen), redirect: "manual" });
    } finally {
      said.textContent = said.dataset.words;
    }
  });
}

watchForLeaving();
neverShowAnOldPage();
keepMyWay();
