// Looks for new texts every two seconds. Without it, the link "Look for new texts" does the same.
const texts = document.getElementById("texts");
const address = `/simulator/texts?phone=${encodeURIComponent(texts.dataset.phone)}`;

const toTheEnd = () => {
  texts.scrollTop = texts.scrollHeight;
};

// Adds what is new at the end, so that a screen reader says that and nothing else.
const add = (page) => {
  const found = new DOMParser().parseFromString(page, "text/html").querySelectorAll("li");
  const list = texts.querySelector("ol");
  const fresh = [...found].slice(list.children.length);
  if (fresh.length) {
    texts.querySelector(":scope > p")?.remove();
    list.append(...fresh);
    toTheEnd();
  }
};

const look = async () => {
  if (document.hidden) {
    return;
  }
  try {
    const response = await fetch(address);
    if (response.ok) {
      add(await response.text());
    }
  } catch {
    // the service is being started again: the next look will find it
  }
};

toTheEnd();
setInterval(look, 2000);
