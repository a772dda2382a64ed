// Owns the last door of the log: what looks like a token, a ticket, a password or a key is taken out of a whole line.

const hidden = "**********";

/** Names behind which a secret stands, in JSON, in a form, in a shell line. */
const names = String.raw`[\w-]*(?:pass(?:word|wd|phrase)?\d?|secret|token|ticket|credential|private|keyring|api[-_]?key|csrf|cookie|authorization)[\w-]*`;

/** What may stand around a name or a value: quotes, and the backslashes of JSON inside JSON. */
const quote = String.raw`(?:\\*["'])?`;

const patterns: readonly (readonly [RegExp, string])[] = [
  // to its end, or as far as the text goes
  [
    /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:(?!-----END)(?:[^"\\]|\\[^"]))*(?:-----END [A-Z ]*PRIVATE KEY-----)?/g,
    hidden,
  ],
  // user@realm!name=value, with or without PVEAPIToken= before it
  [/([^\s"'=!]+@[^\s"'=!]+![^\s"'=!]+=)[^\s"'\\,;]+/g, `$1${hidden}`],
  // tickets: PVE:user@realm:HEX::signature, and those of consoles
  [/\b(?:PVE|PBS|PMG)[A-Z]*:[^\s"'\\]*::[A-Za-z0-9+/=]+/g, hidden],
  // a CSRF token: time and signature
  [/\b[0-9A-F]{8}:[A-Za-z0-9+/]{27,}=*/g, hidden],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${hidden}`],
  // a bearer token of our own
  [/\bpmcp_[\w-]{16,}/g, hidden],
  // in quotes: to the quote that has as many backslashes before it as the first one
  [new RegExp(String.raw`(${names}${quote}\s*[:=]\s*(\\*)").*?(?<!\\)\2"`, "gis"), `$1${hidden}$2"`],
  [new RegExp(String.raw`(${names}${quote}\s*[:=]\s*)(?![\s"'\\*])[^\s"'\\,;&}]+`, "gi"), `$1${hidden}`],
  [/(\/\/[^\s/"'@:]+:)[^\s/"'@]+@/g, `$1${hidden}@`],
  // the value of every API token is a UUID
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, hidden],
];

/** A line without what looks like a secret, and without the secrets that are known. */
export function scrub(line: string, known: readonly string[] = []): string {
  const bare = known.filter((secret) => secret.length >= 4).reduce((text, one) => text.replaceAll(one, hidden), line);
  return patterns.reduce((text, [pattern, instead]) => text.replace(pattern, instead), bare);
}
