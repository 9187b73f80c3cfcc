// Draws messages and choices just as the server's templates do; a test compares the two.

const PICTURES = { you: "person", worker: "key_worker", bot: "robot" };
const NUMBER = /(?<!\d)(?:999|111|18000|0800 1111|116 123|0\d(?: ?\d){8,9}|SHOUT to 85258)(?!\d)/g;
const SHOUT = "sms:85258?&body=SHOUT";

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function picture(concept) {
  if (!concept || !/^[a-z0-9_]+$/.test(concept)) return "";
  const image = element("img", {
    class: "picture",
    src: `/static/symbols/${concept}.svg`,
    alt: "",
    width: "36",
    height: "36",
    loading: "lazy",
  });
  image.addEventListener("error", () => image.remove());
  return image;
}

function withNumbers(line) {
  const parts = [];
  let start = 0;
  for (const found of line.matchAll(NUMBER)) {
    parts.push(line.slice(start, found.index));
    const address = found[0].startsWith("SHOUT") ? SHOUT : `tel:${found[0].replaceAll(" ", "")}`;
    parts.push(element("a", { class: "number", href: address }, found[0]));
    start = found.index + found[0].length;
  }
  return [...parts, line.slice(start)].filter((part) => part !== "");
}

function paragraphs(text, inWords) {
  return text
    .split("\n")
    .filter((line) => line.trim())
    .map((line) => element("p", {}, ...inWords(line)));
}

function wordsOf({ author, text, easy_text: easy }) {
  // What the young person typed is shown as it is: their own numbers are nothing to press.
  const inWords = author === "you" ? (line) => [line] : withNumbers;
  if (!easy || easy === text) return paragraphs(text, inWords);
  return [
    element("div", { class: "standard" }, ...paragraphs(text, inWords)),
    element("div", { class: "easy" }, ...paragraphs(easy, inWords)),
  ];
}

/** Make one message, with its author's name in words. */
export function drawMessage(message, say) {
  const name = element("span", {}, say[`page_author_${message.author}`]);
  return element(
    "div",
    { class: `message ${message.author} ${message.kind}`, "data-seq": message.seq, tabindex: "-1" },
    element("p", { class: "who" }, picture(PICTURES[message.author]), name),
    element("div", { class: "words" }, ...wordsOf(message)),
  );
}

/** Make one button of a question's choices. */
export function drawChoice({ id, label, symbol }) {
  const attributes = { type: "submit", class: "tile", name: "choice", value: id };
  return element("button", attributes, picture(symbol), element("span", {}, label));
}
