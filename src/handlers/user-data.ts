// Owns what of cloud-init's data may be seen without elevated rights: its structure, and values that are known to be harmless.

const mask = "(not shown)";

/** Keys of user data whose plain values tell no secret. */
const harmless =
  /^(?:hostname|fqdn|manage_etc_hosts|prefer_fqdn_over_hostname|user|name|groups|shell|sudo|lock_passwd|expire|users|package_upgrade|package_update|packages|ssh_pwauth|disable_root|timezone|locale|instance-id|local-hostname)$/;
/** Keys of network and meta data that could be secrets. */
const secret = /pass|secret|key|token|auth|psk|credential/i;
const plain = /^["']?[\w.@:/, -]*["']?$/;
const keyed = /^(\s*(?:- )*)([\w.-]+):(?:\s+(.*))?$/;

/**
 * The lines with each value masked that isn't known to be harmless: of user data every other one (a snippet may write
 * files and run scripts), of network and meta data those under the name of a secret.
 */
export function masked(lines: readonly string[], type: string): string[] {
  const isUser = type === "user";
  const isYaml = !isUser || (lines[0] ?? "").startsWith("#cloud-config");
  let parent = "";
  let hidden = Number.POSITIVE_INFINITY;
  return lines.map((line, place) => {
    const indent = line.search(/\S/);
    if (indent < 0 || (place === 0 && line.startsWith("#"))) return line;
    if (!isYaml) return mask;
    if (indent > hidden) return `${" ".repeat(indent)}${mask}`;
    hidden = Number.POSITIVE_INFINITY;
    const [, lead = "", key = "", value = ""] = keyed.exec(line) ?? [];
    const shows = (name: string, text: string) =>
      isUser ? harmless.test(name) && plain.test(text) : !secret.test(name);
    if (key === "") {
      const item = /^(\s*(?:- )+)(.*)$/.exec(line);
      if (item && shows(parent, item[2] ?? "")) return line;
      return item ? `${item[1]}${mask}` : `${" ".repeat(indent)}${mask}`;
    }
    if (value === "") parent = key;
    // what stands below a block of text belongs to it, whatever it looks like
    if (/^[|>]/.test(value)) hidden = lead.length;
    return value === "" || shows(key, value) ? line : `${lead}${key}: ${mask}`;
  });
}
