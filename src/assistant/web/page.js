// What the page does by itself: the document panel, copying, keys. Nothing is stored; only a person's verdict on an answer is sent, where the notice says so.
document.documentElement.lang = "en-GB";

const panel = () => document.getElementById("panel");
let opener = null;

// Wide screens: the answer moves aside for the panel. Gradio's own style sheet is scoped, so this is set on the element.
function makeRoom(open) {
  const page = document.querySelector(".gradio-container").style;
  for (const [name, value] of [["max-width", "calc(100vw - min(44rem, 50vw) - 1rem)"], ["margin-left", "0"]]) {
    if (open && window.innerWidth > 1100) page.setProperty(name, value, "important");
    else page.removeProperty(name);
  }
}

function closePanel() {
  if (!panel() || panel().hidden) return;
  panel().hidden = true;
  panel().querySelector("iframe").src = "about:blank";
  makeRoom(false);
  opener?.focus();
}

function say(words) {
  const status = document.getElementById("said");
  if (status) status.textContent = words;
}

// What was asked for is brought under the eyes where it begins in the lower half of the screen or below it.
function bring(answer) {
  if (answer.getBoundingClientRect().top > window.innerHeight / 2) {
    answer.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }
}

// A new answer is announced once: whom to go to and the verdict. Earlier answers, and what a language model words later, are not.
let turns = 0;

function announce() {
  const shown = document.querySelectorAll("#answers article.turn");
  if (shown.length > turns) {
    say([...shown[0].querySelectorAll(".card, .verdict")].map((part) => part.innerText).join(" "));
    bring(shown[0]);
  }
  turns = shown.length;
}

new MutationObserver(announce).observe(document.documentElement, { childList: true, subtree: true });

// A person's verdict on an answer goes to the program with the question, where the program keeps such (it shows no such buttons else).
async function mark(button) {
  const asked = button.closest(".turn").querySelector(".asked").lastChild.textContent;
  const school = document.querySelector("#school input[type=radio]:checked")?.value ?? "";
  const place = button.closest(".marking");
  const verdict = button.dataset.mark || place.querySelector("select").value;
  let words = "The report could not be kept. Try again when the program is back.";
  try {
    const response = await fetch("report", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ question: asked, school, mark: verdict }) });
    if (response.ok) {
      words = "Thank you, this was kept.";
      place.textContent = words;
      place.tabIndex = -1;
      place.focus();
    }
  } catch { /* the connection is lost: told below */ }
  const told = place.querySelector(".told");
  if (told) told.textContent = words;
  say(words);
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a.open");
  if (link && panel() && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    opener = link;
    panel().querySelector("iframe").src = link.href;
    panel().querySelector("h2").textContent = link.dataset.title;
    panel().hidden = false;
    makeRoom(true);
    panel().querySelector("button").focus();
  }
  if (event.target.closest("#panel button")) closePanel();
  const verdict = event.target.closest("[data-mark]");
  if (verdict) mark(verdict);
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    try {
      await navigator.clipboard.writeText(copy.dataset.copy);
      say("Copied.");
      const before = copy.textContent;
      copy.textContent = "Copied";
      setTimeout(() => { copy.textContent = before; }, 2000);
    } catch {
      say("This browser does not let the page copy. Select the words instead.");
    }
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closePanel();
  if (event.key === "Enter") {
    const box = event.target.closest("#question, #compared")?.id;
    const sends = box === "compared" || event.ctrlKey || event.metaKey;
    if (box && sends) {
      event.preventDefault();
      event.stopImmediatePropagation();
      document.getElementById({ question: "ask", compared: "compare" }[box]).click();
    }
  }
}, true);

// The school stays chosen when the page is loaded again: it stands in the address, the question never does.
document.addEventListener("change", (event) => {
  if (event.target.closest("#school input[type=radio]")) {
    history.replaceState(null, "", "?school=" + encodeURIComponent(event.target.value));
  }
});

// Whatever takes longer is said in words, on the screen and to screen readers: Gradio's own marks are figures that lie over the fields.
let waiting = 0;
setInterval(() => {
  const works = document.querySelector("[data-testid=status-tracker]:not(.hide, .hidden)");
  waiting = works ? waiting || Date.now() : 0;
  const words = waiting && Date.now() - waiting > 700 ? "Working on it…" : "";
  const busy = document.getElementById("busy");
  if (busy && busy.textContent !== words) busy.textContent = words;
}, 200);

// A lost connection and a restarted program are said in a sentence. The page asks its own server whether it is there, nothing else.
let started = null;
let lost = false;
let stale = false;

async function beat() {
  if (document.hidden) return;
  let words = lost ? "The connection to Policy Assistant is back. If an answer is missing, ask again." : "";
  try {
    const response = await fetch("alive", { cache: "no-store", signal: AbortSignal.timeout(5000) });
    if (response.status === 401) words = "You are signed out. Load this page again to sign in; copy first what you want to keep.";
    const found = response.ok ? (await response.json()).started : started;
    started ??= found;
    stale = found !== started;
    if (stale) words = "Policy Assistant was started anew. Load this page again to go on; copy first what you want to keep.";
    if (lost) document.querySelectorAll(".toast-close").forEach((button) => button.click());
    lost = false;
  } catch {
    lost = true;
    words = "The connection to Policy Assistant is lost. Your question stays in the box; try again when the program is back.";
  }
  const notice = document.getElementById("connection");
  if (notice && notice.textContent !== words) {
    notice.textContent = words;
    notice.hidden = !words;
  }
}

// A question goes only when the program that made this page is there to take it: Gradio never recovers from one that it could not send.
let sure = false;
document.addEventListener("click", async (event) => {
  const button = event.target.closest("#ask, #compare");
  if (!button || sure) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  await beat();
  if (lost || stale) return;
  sure = true;
  button.click();
  sure = false;
}, true);

setInterval(beat, 10000);
document.addEventListener("visibilitychange", beat);
beat();
