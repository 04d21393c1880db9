// Keeps the visit form as a draft on the server while it is filled in, and says so in words. What it says about people
// and rules comes from the server; without this file the form saves as before.
const form = document.getElementById("visit");
const line = document.querySelector("[data-draft]");
const words = line.querySelector("[data-draft-words]");
const login = line.querySelector("[data-draft-login]");
const AFTER_MS = 2000; // after the last change
const AT_LEAST_MS = 8000; // while changes go on
const AGAIN_MS = 5000; // when it did not work

let dirty = false; // something stands here that the server does not have
let state = "ok"; // ok, away (no network), out (login ended), other (another window, or saved already)
let sending = null;
let timer = 0;
let since = 0;
let leaving = false;
let last = words.textContent;

function say(text, tone = "") {
  if (words.textContent !== text) words.textContent = text;
  line.dataset.tone = tone;
  login.hidden = state !== "out";
}
const kept = () => (last ? `${last}。` : "");

const TROUBLE = {
  away: () => `现在没有网络，还没有暂存刚才的改动，正在继续试。${kept()}请不要关闭这一页。`,
  out: () => `登录已经失效，刚才的改动还没有暂存。${kept()}请登录，登录后这一页会接着暂存。`,
};

async function fresh() { // after a new login in another window the page's token is stale
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const theirs = page.getElementById("visit");
  if (theirs?.dataset.me !== form.dataset.me) return false; // somebody else is logged in now
  const token = theirs.elements.csrfmiddlewaretoken.value;
  for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  return true;
}

function post(keepalive) {
  return fetch(form.dataset.keep, {
    method: "POST", body: new URLSearchParams(new FormData(form)), keepalive, redirect: "error",
    headers: { "HX-Request": "true" }, // a login that ended answers 204 and not with the login page
  });
}

async function once(keepalive) {
  let answer = await post(keepalive);
  if (answer.status === 403 && (await fresh())) answer = await post(keepalive);
  if (answer.status === 204 || answer.status === 401 || answer.status === 403) return "out";
  if (answer.status >= 500) return "away";
  const told = await answer.json();
  if (!answer.ok) { say(told.words, "caution"); return "other"; }
  form.elements.draft_version.value = told.version;
  last = told.words;
  return "ok";
}

function send(keepalive = false) {
  clearTimeout(timer);
  if (sending) return sending;
  dirty = false;
  since = 0;
  sending = once(keepalive).catch(() => "away").then((found) => {
    sending = null;
    state = found;
    if (found === "ok") say(last);
    else if (found !== "other") { dirty = true; say(TROUBLE[found](), "caution"); later(AGAIN_MS); }
    if (found === "ok" && dirty) later(AFTER_MS);
    return found;
  });
  return sending;
}
function later(ms) {
  clearTimeout(timer);
  timer = setTimeout(() => { if (dirty && !leaving) send(); }, ms);
}
function changed() {
  if (leaving || state === "other") return;
  dirty = true;
  since ||= Date.now();
  later(state === "ok" ? Math.min(AFTER_MS, Math.max(0, AT_LEAST_MS - (Date.now() - since))) : AGAIN_MS);
}
form.addEventListener("input", changed);
form.addEventListener("change", changed);
form.addEventListener("click", (e) => { if (e.target.closest("[data-zeros], [data-yesterday]")) changed(); });
addEventListener("online", () => { if (dirty) send(); });
addEventListener("pagehide", () => { if (dirty && !leaving) post(true).catch(() => {}); });
document.addEventListener("visibilitychange", () => { if (document.hidden && dirty && !leaving) send(true); });

// The live summary would lead a login that ended away from the page, with what is typed on it.
document.body.addEventListener("htmx:beforeOnLoad", (e) => {
  if (!e.detail.xhr.getResponseHeader("HX-Redirect") || !form.contains(e.detail.elt)) return;
  e.preventDefault();
  state = "out";
  dirty = true;
  say(TROUBLE.out(), "caution");
  later(AGAIN_MS);
});

// Saving: what is not kept yet is kept first, so that nothing is lost when the login or the network has gone meanwhile.
let passed = false;
form.addEventListener("submit", async (e) => {
  if (passed) { leaving = true; clearTimeout(timer); return; }
  if (!dirty && !sending && state === "ok") { leaving = true; clearTimeout(timer); return; }
  if (state === "other" && !sending) { leaving = true; return; }
  e.preventDefault();
  const found = sending ? await sending.then((first) => (dirty && first === "ok" ? send() : first)) : await send();
  if (found === "away") say(`现在没有网络，还没有保存。${kept()}请不要关闭这一页，网络恢复后再按保存。`, "caution");
  else if (found === "out") say(`登录已经失效，还没有保存。${kept()}请登录后再按保存。`, "caution");
  else if (!passed) { passed = true; form.requestSubmit(e.submitter); }
});
addEventListener("pageshow", (e) => { if (e.persisted) { passed = false; leaving = false; } });
