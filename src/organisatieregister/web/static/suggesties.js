/* Suggestions under a search field while one types. Without this script the form works the same.

   /zoek?q= answers {"suggesties": [{"naam", "code", "href", "gemeente", "vroegereNaam", …}]}. */
"use strict";

const WAIT = 120; // milliseconds without a key before the server is asked
const MANY = 8;

function suggest(field) {
  const language = document.documentElement.lang;
  const list = document.createElement("ul");
  let choices = [];
  let chosen = -1;
  let timer = 0;
  let asked = new AbortController();

  list.id = field.id + "-suggesties";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.dataset.suggestions);
  field.after(list);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", list.id);

  function show(found) {
    choices = found.slice(0, MANY);
    chosen = -1;
    list.replaceChildren(...choices.map(item));
    list.hidden = choices.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
    field.removeAttribute("aria-activedescendant");
  }

  function item(choice, index) {
    const row = document.createElement("li");
    const name = document.createElement("bdi");
    const more = document.createElement("small");
    row.id = list.id + "-" + index;
    row.setAttribute("role", "option");
    name.textContent = choice.naam;
    more.textContent = [choice.code, choice.vroegereNaam, choice.gemeente].filter(Boolean).join(" · ");
    row.append(name, more);
    row.addEventListener("mousedown", (event) => event.preventDefault());
    row.addEventListener("click", () => open(choice));
    return row;
  }

  function open(choice) {
    location.assign(language === "en" ? choice.href + "?taal=en" : choice.href);
  }

  function choose(index) {
    chosen = (index + choices.length + 1) % (choices.length + 1);
    if (chosen === choices.length) chosen = -1;
    [...list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === chosen)));
    if (chosen < 0) return field.removeAttribute("aria-activedescendant");
    list.children[chosen].scrollIntoView({ block: "nearest" });
    return field.setAttribute("aria-activedescendant", list.children[chosen].id);
  }

  async function ask() {
    asked.abort();
    asked = new AbortController();
    const text = field.value.trim();
    if (text.length < 2) return show([]);
    const query = new URLSearchParams({ q: text, taal: language });
    try {
      const answer = await fetch(field.dataset.suggest + "?" + query, {
        headers: { Accept: "application/json" },
        signal: asked.signal,
      });
      if (!answer.ok) return show([]);
      return show((await answer.json()).suggesties);
    } catch (error) {
      if (error.name !== "AbortError") show([]);
      return undefined;
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  field.addEventListener("blur", () => show([]));
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen < 0 ? choices.length - 1 : chosen - 1);
    else if (event.key === "Escape") show([]);
    else if (event.key === "Enter" && chosen >= 0) open(choices[chosen]);
    else return;
    event.preventDefault();
  });
}

document.querySelectorAll("input[data-suggest]").forEach(suggest);
