// Hears what is new: by a stream of events, or by asking again and again where something between holds streams back.
// Both read the same rows under the same rising seq, so nothing is lost and nothing is shown twice.

const FIRST_EVENT_MS = 5000;
const EARLY_END_MS = 10000;
const ENDS_BEFORE_ASKING = 2;
const WAIT_SECONDS = 20;
const PATIENCE_MS = 40000;
const FOLLOWER_LOOKS_MS = 15000;
const LONGEST_PAUSE_MS = 30000;
// What was said in one breath comes as several events: it is shown, scrolled to and focused on together.
const ONE_BREATH_MS = 60;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export class Inbox {
  #base;
  #name;
  #heard;
  #last;
  #early = 0;
  #stopped = false;
  #source = null;
  #breath = [];
  #channel = null;
  #release = () => {};

  /** `heard` has two functions: messages(list) with rising seq, and gone() when the conversation is no more. */
  constructor(conversation, last, heard) {
    this.#base = `/chat/conversations/${conversation}`;
    this.#name = `hys.stream.${conversation}`;
    this.#heard = heard;
    this.#last = last;
  }

  /** One tab listens for all: it tells the others to look, never what was said. */
  start() {
    if ("BroadcastChannel" in globalThis) {
      this.#channel = new BroadcastChannel(this.#name);
      this.#channel.onmessage = () => this.look();
    }
    addEventListener("online", () => this.look());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.look();
    });
    if (!navigator.locks) {
      this.#listen();
      return;
    }
    const follower = setInterval(() => this.look(), FOLLOWER_LOOKS_MS);
    navigator.locks.request(this.#name, () => {
      clearInterval(follower);
      this.#listen();
      return new Promise((release) => {
        this.#release = release;
      });
    });
  }

  stop() {
    this.#stopped = true;
    this.#source?.close();
    this.#channel?.close();
    this.#release();
  }

  /** Ask once, now. */
  async look() {
    if (this.#stopped) return;
    await this.#ask(0).catch(() => {});
  }

  #take(messages) {
    const fresh = messages.filter((message) => message.seq > this.#last);
    if (fresh.length === 0 || this.#stopped) return;
    this.#last = fresh.at(-1).seq;
    this.#heard.messages(fresh);
    this.#channel?.postMessage("look");
  }

  #listen() {
    if (this.#stopped) return;
    const began = performance.now();
    let ready = false;
    const source = new EventSource(`${this.#base}/events?after=${this.#last}`);
    this.#source = source;
    const waiting = setTimeout(() => ready || this.#askInstead(), FIRST_EVENT_MS);
    source.addEventListener("ready", () => {
      ready = true;
    });
    source.onmessage = (event) => {
      if (this.#breath.length === 0) setTimeout(() => this.#take(this.#breath.splice(0)), ONE_BREATH_MS);
      this.#breath.push(JSON.parse(event.data));
    };
    source.onerror = () => {
      clearTimeout(waiting);
      source.close();
      if (performance.now() - began < EARLY_END_MS) this.#early += 1;
      if (this.#early >= ENDS_BEFORE_ASKING) this.#askInstead();
      else if (this.#source === source) setTimeout(() => this.#listen(), FIRST_EVENT_MS / 5);
    };
  }

  async #askInstead() {
    if (!this.#source) return;
    this.#source.close();
    this.#source = null;
    let wait = 1000;
    while (!this.#stopped) {
      try {
        await this.#ask(WAIT_SECONDS);
        wait = 1000;
      } catch {
        await pause(wait);
        wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  async #ask(seconds) {
    const address = `${this.#base}/messages?after=${this.#last}&wait=${seconds}`;
    const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.status === 404) {
      this.stop();
      this.#heard.gone();
      return;
    }
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    this.#take((await answer.json()).messages);
  }
}
