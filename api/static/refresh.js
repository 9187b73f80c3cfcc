// Looks every few seconds whether the list has changed, and shows the new one while nobody is in it.
const live = document.querySelector("[data-live]");
const news = document.querySelector("[data-news]");

async function look() {
  if (document.hidden) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html", "X-Looks-Again": "1" } }).catch(() => null);
  if (!answer || !answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-live]");
  if (!fresh || live.contains(document.activeElement)) return;
  const links = (list) => [...list.querySelectorAll("li")].map((row) => row.querySelector("a").href + row.querySelector(".tag").textContent).join();
  const isNews = links(fresh) !== links(live);
  live.replaceChildren(...fresh.childNodes);
  if (isNews) news.textContent = news.dataset.news;
}

if (live) setInterval(look, Number(live.dataset.live) * 1000);
