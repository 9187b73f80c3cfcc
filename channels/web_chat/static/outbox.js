// Holds what was not sent yet, on this device only, and sends it in order until the service has it.

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30000;
const PATIENCE_MS = 15000;
const TRY_AGAIN = new Set([408, 425]);
const TOO_MUCH = 429;

/** Make an id that no other message has; also where the connection is not secure. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

export class Outbox {
  #store;
  #key;
  #address;
  #heard;
  #wait = FIRST_WAIT_MS;
  #timer = 0;
  #sending = null;

  /** `heard` has three functions: sent(item), refused(item, status, said), and late(item). */
  constructor(store, conversation, heard) {
    this.#store = store;
    this.#key = `hys.outbox.${conversation}`;
    this.#address = `/chat/conversations/${conversation}/messages`;
    this.#heard = heard;
    addEventListener("online", () => this.send());
  }

  get items() {
    try {
      return JSON.parse(this.#store.getItem(this.#key)) ?? [];
    } catch {
      return [];
    }
  }

  /** Add `{text}` or `{choice}` with a `label`, and send it. */
  add(said) {
    this.#keep([...this.items, { client_id: newId(), ...said }]);
    this.#wait = FIRST_WAIT_MS;
    return this.send();
  }

  /** Try to send all now; true when nothing is left. */
  send() {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  /** Forget everything that was not sent. */
  clear() {
    clearTimeout(this.#timer);
    this.#store.removeItem(this.#key);
  }

  async #sendAll() {
    clearTimeout(this.#timer);
    const tooMuch = new Set();
    for (;;) {
      const item = this.items.find((each) => !tooMuch.has(each.client_id));
      if (!item) break;
      const outcome = await this.#sendOne(item);
      if (outcome === "later") return this.#sendLater();
      // Where this one was too much, the next may tell of danger, which is never too much.
      if (outcome === "too much") tooMuch.add(item.client_id);
      else this.#wait = FIRST_WAIT_MS;
    }
    return tooMuch.size === 0 || this.#sendLater();
  }

  #sendLater() {
    this.#timer = setTimeout(() => this.send(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
    return false;
  }

  async #sendOne({ label, ...message }) {
    const item = { label, ...message };
    let answer;
    try {
      answer = await fetch(this.#address, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(message),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
    } catch {
      answer = null;
    }
    if (answer?.status === TOO_MUCH) {
      this.#heard.late(item);
      return "too much";
    }
    if (!answer || answer.status >= 500 || TRY_AGAIN.has(answer.status)) {
      this.#heard.late(item);
      return "later";
    }
    const said = answer.ok ? {} : await answer.json().catch(() => ({}));
    this.#keep(this.items.filter((each) => each.client_id !== item.client_id));
    if (answer.ok) this.#heard.sent(item);
    else this.#heard.refused(item, answer.status, said);
    return "done";
  }

  #keep(items) {
    this.#store.setItem(this.#key, JSON.stringify(items));
  }
}
