/* Suggestions while typing, and the note that says which words were looked for. The page needs neither. */
(() => {
  const WAIT = 180;
  const FEWEST = 2;

  const equip = (box, number) => {
    const input = box.querySelector("input[type=search]");
    const list = document.createElement("ul");
    list.className = "searchbox__list";
    list.id = `goi-y-${number}`;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Gợi ý");
    const said = document.createElement("span");
    said.className = "visually-hidden";
    said.setAttribute("role", "status");
    box.append(list, said);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-expanded": "false",
      "aria-controls": list.id,
      "aria-autocomplete": "list",
    })) {
      input.setAttribute(name, value);
    }
    let chosen = -1;
    let timer = null;
    let asked = null;

    const close = () => {
      list.hidden = true;
      chosen = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const point = (place) => {
      const options = [...list.children];
      options[chosen]?.setAttribute("aria-selected", "false");
      chosen = options.length ? (place + options.length) % options.length : -1;
      options[chosen]?.setAttribute("aria-selected", "true");
      options[chosen]?.scrollIntoView({ block: "nearest" });
      if (chosen >= 0) {
        input.setAttribute("aria-activedescendant", options[chosen].id);
      }
    };
    const show = (items) => {
      list.replaceChildren(
        ...items.map(({ title, url, kind }, place) => {
          const option = document.createElement("li");
          option.id = `${list.id}-${place}`;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.dataset.url = url;
          const words = document.createElement("span");
          words.textContent = title;
          const label = document.createElement("span");
          label.className = "searchbox__kind";
          label.textContent = kind;
          option.append(words, label);
          return option;
        }),
      );
      chosen = -1;
      list.hidden = !items.length;
      input.setAttribute("aria-expanded", String(Boolean(items.length)));
      said.textContent = items.length ? `${items.length} gợi ý, dùng phím mũi tên để chọn` : "";
    };
    const ask = async () => {
      const words = input.value.trim();
      asked?.abort();
      if (words.length < FEWEST) {
        close();
        return;
      }
      asked = new AbortController();
      try {
        const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(words)}`, { signal: asked.signal });
        if (answer.ok && document.activeElement === input) {
          show((await answer.json()).items);
        }
      } catch {
        // slower than the next letter, or no network: the box works without
      }
    };

    input.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, WAIT);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (!list.hidden) {
          event.preventDefault();
          point(chosen < 0 && event.key === "ArrowUp" ? -1 : chosen + (event.key === "ArrowDown" ? 1 : -1));
        }
      } else if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        window.location.assign(list.children[chosen].dataset.url);
      }
    });
    input.addEventListener("blur", () => window.setTimeout(close, 150));
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) {
        window.location.assign(option.dataset.url);
      }
    });
  };
  document.querySelectorAll("[data-suggest]").forEach(equip);

  const page = document.querySelector("[data-search-note]");
  if (page && navigator.sendBeacon) {
    const OPEN_FOR = 1_500;
    const send = (what) => {
      const note = new FormData();
      note.append("q", page.dataset.words);
      note.append("viec", what);
      navigator.sendBeacon(page.dataset.searchNote, note);
    };
    const key = `tim:${page.dataset.words}`;
    let isNew = true;
    try {
      isNew = !sessionStorage.getItem(key); // further pages, tabs and the way back are the same search
      sessionStorage.setItem(key, "1");
    } catch {
      // storage is switched off: it counts again
    }
    if (isNew) {
      window.setTimeout(() => send(page.dataset.found === "co" ? "tim" : "trong"), OPEN_FOR);
      page.addEventListener("click", (event) => {
        if (event.target.closest(".hits a, .bets a")) {
          send("bam");
        }
      }, { once: true });
    }
  }
})();
