// The chat on top of the page that works without it: sends without leaving the page, and adds whole messages to the log.

import { drawChoice, drawMessage } from "./draw.js";
import { Inbox } from "./inbox.js";
import { hidePage } from "./leave.js";
import { Outbox } from "./outbox.js";

const FINISH_PATIENCE_MS = 5000;
const $ = (id) => document.getElementById(id);

class HaveYourSay extends HTMLElement {
  connectedCallback() {
    this.say = JSON.parse($("page-words").textContent);
    this.store = this.dataset.keep === "device" ? localStorage : sessionStorage;
    const conversation = this.dataset.conversation;
    this.draftKey = `hys.draft.${conversation}`;
    this.outbox = new Outbox(this.store, conversation, {
      sent: () => this.onSent(),
      refused: (item, status, said) => this.onRefused(item, status, said),
      late: () => this.onLate(),
    });
    this.inbox = new Inbox(conversation, Number(this.dataset.last), {
      messages: (messages) => this.onMessages(messages),
      gone: () => this.tell(this.say.web_gone),
    });
    this.open = null;
    $("answer").hidden = true;
    if (this.dataset.waiting === "yes") this.tell(this.say.web_writing);
    this.keepDraft();
    this.takeForms();
    this.takeBack();
    this.showLatest();
    this.showUnsent();
    this.inbox.start();
    this.outbox.send();
  }

  disconnectedCallback() {
    this.inbox.stop();
  }

  // What the young person does

  takeForms() {
    for (const form of [$("choices"), $("always")]) {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.choose(event.submitter);
      });
    }
    $("say").addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.submitter?.formAction.endsWith("/chat/finish")) {
        this.leadsTo = event.submitter.name === "next" ? "/" : "/finished";
        this.finish();
      } else this.write();
    });
    $("text").addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.write();
    });
    $("lost").addEventListener("click", (event) => {
      const wish = event.target.closest("button")?.dataset.do;
      if (wish) this.finishAfterAll(wish);
    });
  }

  choose(button) {
    const isAnswer = button.form === $("choices");
    if (isAnswer) {
      this.step += 1;
      history.pushState({ hys: this.step }, "");
      this.closeChoices();
      $("now").focus({ preventScroll: true });
    }
    this.send({ choice: button.value, label: button.innerText.trim() });
  }

  write() {
    const text = $("text").value;
    if (!text.trim()) {
      this.tell(this.say.problem_empty);
      $("text").focus();
      return;
    }
    $("text").value = "";
    this.store.removeItem(this.draftKey);
    $("text").focus({ preventScroll: true });
    this.send({ text, label: text });
  }

  send(said) {
    this.tell(this.say.page_sending);
    const sending = this.outbox.add(said);
    this.showUnsent();
    return sending;
  }

  keepDraft() {
    const kept = this.store.getItem(this.draftKey);
    if (kept && !$("text").value) $("text").value = kept;
    $("text").addEventListener("input", () => this.store.setItem(this.draftKey, $("text").value));
  }

  // The browser's own "back" goes back one question, as the button does.
  takeBack() {
    this.step = 0;
    history.replaceState({ hys: 0 }, "", location.pathname);
    addEventListener("popstate", ({ state }) => {
      if (!(state?.hys < this.step)) return;
      this.step = state.hys;
      this.choose($("always").querySelector("button"));
    });
  }

  // What came of it

  onSent() {
    this.showUnsent();
    this.tell(this.say.web_writing);
    this.inbox.look();
  }

  onLate() {
    this.tell(navigator.onLine ? this.say.page_not_sent : this.say.page_offline);
    this.showUnsent();
  }

  onRefused(item, status, { title = "", safety = [] }) {
    this.showUnsent();
    this.tell([status === 404 ? this.say.web_gone : title, ...safety].join(" "));
    if (item.text && status !== 413 && !$("text").value) $("text").value = item.text;
    if (status === 409 && this.open) this.openChoices(this.open);
    this.inbox.look();
  }

  onMessages(messages) {
    const wasAsked = this.isWithin($("now"));
    const added = messages.map((message) => drawMessage(message, this.say));
    $("log").append(...added);
    for (const message of messages) {
      if (message.author === "you") this.closeChoices();
      else if (message.choices.length > 0) this.openChoices(message);
    }
    const first = messages.findIndex((message) => message.author !== "you");
    if (first < 0) return;
    this.tell(this.outbox.items.length > 0 ? this.say.page_not_sent : "");
    if (wasAsked) this.focusOnQuestion(added.at(-1));
    added[first].scrollIntoView({ block: "start" });
  }

  focusOnQuestion(lastMessage) {
    const target = $("choices").hidden ? lastMessage : $("choices").querySelector("fieldset");
    target.focus({ preventScroll: true });
  }

  isWithin(place) {
    return place.contains(document.activeElement) || document.activeElement === document.body;
  }

  openChoices(message) {
    this.open = message;
    const form = $("choices");
    const easy = document.documentElement.dataset.words === "easy";
    form.querySelector("legend").textContent = (easy && message.easy_text) || message.text;
    const always = [...$("always").querySelectorAll("button")].map((button) => button.innerText.trim());
    const all = message.kind === "safety"; // every answer to "are you safe?" stands together
    const tiles = message.choices.filter(({ label }) => all || !always.includes(label));
    form.querySelector(".tiles").replaceChildren(...tiles.map(drawChoice));
    form.hidden = tiles.length === 0;
  }

  closeChoices() {
    if (this.isWithin($("choices")) && document.activeElement !== document.body) $("now").focus({ preventScroll: true });
    $("choices").hidden = true;
  }

  // Words that say how things stand stay until something else is true.
  tell(words) {
    if ($("status").textContent !== words) $("status").textContent = words;
  }

  showUnsent() {
    const items = this.outbox.items;
    const list = $("unsent-words");
    list.replaceChildren(
      ...items.map(({ label }) => {
        const line = document.createElement("li");
        line.textContent = label;
        return line;
      }),
    );
    $("unsent").hidden = items.length === 0;
  }

  // Open at what is new, if the question and its first answer fit below it; else at the question.
  showLatest() {
    const question = [...$("log").querySelectorAll(".question")].at(-1);
    const latest = $("latest") ?? question;
    if (!latest) return;
    const end = $("choices").querySelector("button") ?? question ?? latest;
    const height = end.getBoundingClientRect().bottom - latest.getBoundingClientRect().top;
    const room = innerHeight - parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop);
    (height > room && question ? question : latest).scrollIntoView({ block: "start" });
  }

  // "I'm finished here" and "Next person": unsent words go first, or we say that they will be lost.

  async finish() {
    this.tell(this.say.page_sending);
    await Promise.race([this.outbox.send(), new Promise((done) => setTimeout(done, FINISH_PATIENCE_MS))]);
    if (this.outbox.items.length === 0 && !$("text").value.trim()) {
      await this.wipe();
      return;
    }
    this.tell("");
    $("lost").hidden = false;
    $("lost").focus();
  }

  async finishAfterAll(wish) {
    $("lost").hidden = true;
    if (wish === "send") {
      if ($("text").value.trim()) this.write();
      await this.finish();
    } else if (wish === "delete") {
      await this.wipe();
    } else {
      $("text").focus();
    }
  }

  // The screen and what we kept go first. The key can only be taken off by the service: that may have to wait.
  async wipe() {
    this.inbox.stop();
    this.outbox.clear();
    for (const store of [localStorage, sessionStorage]) {
      for (const key of Object.keys(store)) if (key.startsWith("hys.")) store.removeItem(key);
    }
    $("log").replaceChildren();
    $("text").value = "";
    this.closeChoices();
    const address = `/chat/conversations/${this.dataset.conversation}/finish`;
    const signal = AbortSignal.timeout(FINISH_PATIENCE_MS);
    const answer = await fetch(address, { method: "POST", signal }).catch(() => null);
    if (answer?.ok || answer?.status === 404) {
      hidePage();
      location.replace(this.leadsTo);
      return;
    }
    this.tell(this.say.web_not_finished);
    addEventListener("online", () => this.wipe(), { once: true });
  }
}

customElements.define("have-your-say", HaveYourSay);
