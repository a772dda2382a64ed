// Owns the list of PVE's 400s that a check of the arguments alone can't or mustn't foresee, each with its reason.

export const NOT_CAUGHT: readonly (readonly [text: RegExp, reason: string])[] = [
  [/^type check \('boolean'\) failed - got '(?:true|false|yes|no|on|off)'/, "taken on purpose: sent as 1 or 0"],
  [/^type check \('string'\) failed - got HASH/, "taken on purpose: an object is written as a property string"],
  [/^invalid format - invalid urlencoded string/, "taken on purpose: encoded before it is sent"],
  [/does not exist|^[Nn]o such|not an EVPN zone|not running locally/, "hangs on what is there"],
  [/already exists|^Token already/, "hangs on what is there"],
  [/referenced by|^Custom certificate exists|^Certificate does not expire/, "hangs on what is there"],
  [/^unable to hotplug|is not executable/, "hangs on the guest and the host"],
  [/^invalid format - invalid privilege/, "the list of privileges is each version's own; the form is checked"],
  [/^wrong file extension/, "which extensions go with a content is each version's own"],
  [/^$/, "an emulator's key names, which PVE doesn't describe"],
];
