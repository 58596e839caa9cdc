/* What an article's page does beside showing the article: says once that it was read, and reads it aloud where the
   browser has a Vietnamese voice. The article itself needs none of it. */
(() => {
  const article = document.querySelector("article[data-seen]");
  const AN_HOUR = 3_600_000;
  const wasCounted = () => {
    try {
      return Date.now() - Number(sessionStorage.getItem(article.dataset.seen)) < AN_HOUR;
    } catch {
      return false; // storage is switched off: the server still counts a reader once
    }
  };
  const remember = () => {
    try {
      sessionStorage.setItem(article.dataset.seen, String(Date.now()));
    } catch {
      // as above
    }
  };
  if (article && navigator.sendBeacon && !wasCounted()) {
    const OPEN_FOR = 5_000;
    let timer = null;
    const watch = () => {
      window.clearTimeout(timer);
      if (!document.hidden) {
        timer = window.setTimeout(() => {
          document.removeEventListener("visibilitychange", watch);
          navigator.sendBeacon(article.dataset.seen);
          remember();
        }, OPEN_FOR);
      }
    };
    document.addEventListener("visibilitychange", watch);
    watch();
  }

  const bar = document.querySelector("[data-aloud]");
  const text = document.querySelector("[data-read]");
  const speech = window.speechSynthesis;
  if (!bar || !text || !speech) {
    return;
  }
  const LONGEST = 200; // letters: browsers fall silent in longer pieces
  const play = bar.querySelector("[data-aloud-play]");
  const stop = bar.querySelector("[data-aloud-stop]");
  const speed = bar.querySelector("[data-aloud-speed]");
  const state = bar.querySelector("[data-aloud-state]");
  const voice = () => speech.getVoices().find(({ lang }) => /^vi([-_]|$)/i.test(lang));
  const offer = () => {
    bar.hidden = !voice();
  };
  let queue = [];
  let here = null;
  let turn = 0; // an old piece that ends late must not start the next one

  const pieces = (words) => {
    const found = [];
    let rest = words.replace(/\s+/g, " ").trim();
    while (rest.length > LONGEST) {
      const part = rest.slice(0, LONGEST);
      const cut = Math.max(part.lastIndexOf(". "), part.lastIndexOf("; "), part.lastIndexOf(", ")) + 1 || part.lastIndexOf(" ");
      const at = cut > 0 ? cut : LONGEST;
      found.push(rest.slice(0, at).trim());
      rest = rest.slice(at).trim();
    }
    return rest ? [...found, rest] : found;
  };
  const mark = (block) => {
    here?.classList.remove("is-read");
    here = block;
    here?.classList.add("is-read");
    here?.scrollIntoView({ block: "nearest" });
  };
  const show = (what) => {
    const isGoing = what === "going";
    play.setAttribute("aria-pressed", String(isGoing));
    play.querySelector("[data-label]").textContent = isGoing ? "Tạm dừng" : what === "paused" ? "Đọc tiếp" : "Nghe đọc bài";
    stop.hidden = what === "over";
    speed.hidden = what === "over";
    state.textContent = { going: "Đang đọc bài", paused: "Tạm dừng đọc", over: "Đã dừng đọc" }[what];
  };
  const end = () => {
    turn += 1;
    queue = [];
    speech.cancel();
    mark(null);
    show("over");
  };
  const next = () => {
    const mine = turn;
    const piece = queue[0];
    if (!piece) {
      end();
      return;
    }
    mark(piece.block);
    const said = new SpeechSynthesisUtterance(piece.words);
    said.lang = "vi-VN";
    said.voice = voice();
    said.rate = Number(speed.querySelector("select").value);
    said.addEventListener("end", () => {
      if (mine === turn) {
        queue.shift();
        next();
      }
    });
    said.addEventListener("error", () => {
      if (mine === turn) {
        end();
      }
    });
    speech.speak(said);
  };
  const start = () => {
    const blocks = [...text.querySelectorAll("p, h2, h3, h4, li, figcaption, caption, tr, dt, dd")];
    const outer = blocks.filter((block) => !blocks.some((other) => other !== block && other.contains(block)));
    queue = outer.flatMap((block) => pieces(block.innerText).map((words) => ({ block, words })));
    turn += 1;
    show("going");
    next();
  };
  /* Pausing ends the piece and begins it again: on phones the browser's own pause is not to be relied on. */
  const pause = () => {
    turn += 1;
    speech.cancel();
    show("paused");
  };
  play.addEventListener("click", () => {
    if (play.getAttribute("aria-pressed") === "true") {
      pause();
    } else if (queue.length) {
      turn += 1;
      show("going");
      next();
    } else {
      start();
    }
  });
  speed.addEventListener("change", () => {
    if (play.getAttribute("aria-pressed") === "true") {
      turn += 1;
      speech.cancel();
      next();
    }
  });
  stop.addEventListener("click", () => {
    end();
    play.focus();
  });
  window.addEventListener("pagehide", end);
  speech.addEventListener?.("voiceschanged", offer);
  offer();
})();
