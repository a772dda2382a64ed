// Owns the words that try to leave their quoting.
const pieces = [
  "a",
  "",
  " ",
  "'",
  '"',
  "`id`",
  "$(id)",
  "$HOME",
  "\\",
  "\n",
  "\t",
  ";",
  "|",
  "&",
  ">",
  "<",
  "*",
  "?",
  "~",
  "!",
  "#",
  "-",
  "--",
  "=",
  "é",
  "漢",
  "\u0001",
  "%s",
  "{a,b}",
  "@@1",
];
/** 200 words. */
export const corpus = Array.from({ length: 200 }, (_, n) =>
  [n % 30, (n * 7) % 30, (n * 13) % 30, (n * 17 + 3) % 30]
    .map((place) => pieces[place] ?? "")
    .slice(0, 1 + (n % 4))
    .join(n % 3 === 0 ? "" : "x"),
);
