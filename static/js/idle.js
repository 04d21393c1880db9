// Two minutes before the session ends (15 minutes without a request) a line says so; nothing typed is lost by reading it.
const WARN_AFTER_MS = 13 * 60 * 1000;
const signedIn = document.querySelector("[data-signed-in]");
let timer = 0;

function warn() {
  if (document.querySelector(".idle")) return;
  const bar = document.createElement("div");
  bar.className = "idle";
  bar.setAttribute("role", "alert");
  const notice = document.createElement("div");
  notice.className = "notice notice-caution";
  const words = document.createElement("p");
  words.textContent = "您有一会儿没有操作。再过两分钟将自动退出，请先保存。";
  const stay = document.createElement("button");
  stay.className = "btn";
  stay.type = "button";
  stay.textContent = "继续使用";
  stay.addEventListener("click", async () => {
    const answer = await fetch(signedIn.dataset.signedIn, { redirect: "manual", headers: { "X-Requested-With": "fetch" } });
    if (answer.ok) { bar.remove(); start(); } else { words.textContent = "已经自动退出。请另开一页登录，再回到这里保存。"; stay.remove(); }
  });
  notice.append(words, stay);
  bar.append(notice);
  document.body.append(bar);
}

function start() {
  clearTimeout(timer);
  timer = setTimeout(warn, WARN_AFTER_MS);
}

if (signedIn) {
  start();
  // a poll in the background does not count as a person's act, on the server either
  document.addEventListener("htmx:afterRequest", (event) => { if (!event.detail.elt.closest("[data-poll]")) start(); });
}
