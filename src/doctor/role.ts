// Owns the smallest set of privileges for some operations, and the pveum lines that give it to a token.
import type { Choice, Want, Way } from "./needs.ts";

/** What to grant on one ACL path. */
export interface Grant {
  readonly path: string;
  readonly privileges: readonly string[];
  /** Whether it holds for what is below the path too. */
  readonly propagate: boolean;
}

const keyOf = ({ root, privilege }: Want): string => `${privilege} on ${root}`;

/** The later it comes, the more it allows. */
const order = [/\.Audit$/, /\.Use$/, /^/, /\.Modify$/, /\.Allocate$/, /\.Unrestricted$/];
const powerOf = (way: Way): number =>
  Math.max(...way.map(({ privilege }) => order.findLastIndex((pattern) => pattern.test(privilege))));

/** The fewest privileges with which every choice has a way: what has no alternative first, then what adds least. */
export function leastFor(choices: readonly Choice[]): Want[] {
  const chosen = new Map<string, Want>();
  const take = (way: Way) => {
    for (const want of way) {
      const there = chosen.get(keyOf(want));
      chosen.set(keyOf(want), there && !there.exact ? there : want);
    }
  };
  const missing = (way: Way) => way.filter((want) => !isIn(chosen, want)).length;
  const byFreedom = [...choices].sort((one, other) => one.ways.length - other.ways.length);
  for (const { ways } of byFreedom) {
    const [best] = [...ways].sort((one, other) => missing(one) - missing(other) || powerOf(one) - powerOf(other));
    if (best && missing(best) > 0) take(best);
  }
  for (const key of [...chosen.keys()]) {
    const without = new Map(chosen);
    without.delete(key);
    if (choices.every(({ ways }) => ways.some((way) => way.every((want) => isIn(without, want))))) chosen.delete(key);
  }
  return [...chosen.values()];
}

function isIn(chosen: ReadonlyMap<string, Want>, want: Want): boolean {
  // what is wanted of every path is there on each
  if (chosen.get(keyOf({ ...want, root: "/" }))?.exact === false) return true;
  const there = chosen.get(keyOf(want));
  return there !== undefined && (want.exact || !there.exact);
}

/** The grants, a path each: an entry on a path replaces what comes from above, so each has all that is needed there. */
export function grantsFor(wants: readonly Want[]): Grant[] {
  const anywhere = wants.filter(({ root, exact }) => root === "/" && !exact);
  const others = wants.filter((want) => !anywhere.includes(want));
  const roots = [...new Set(others.map(({ root }) => root))].sort();
  const named = (some: readonly Want[]) => [...new Set(some.map(({ privilege }) => privilege))].sort();
  const grants = roots.map((path): Grant => {
    const here = others.filter(({ root }) => root === path);
    const propagate = path !== "/" && [...here, ...anywhere].some(({ exact }) => !exact);
    return { path, privileges: named(path === "/" ? here : [...here, ...anywhere]), propagate };
  });
  return anywhere.length === 0 ? grants : [{ path: "/", privileges: named(anywhere), propagate: true }, ...grants];
}

/** The lines for a root shell on a node. `subject` is the token, `user@realm!name`. */
export function pveumLines(grants: readonly Grant[], subject: string): string[] {
  return grants.flatMap(({ path, privileges, propagate }) => {
    const place = path === "/" ? (propagate ? "-anywhere" : "") : path.replaceAll("/", "-");
    const role = `mcp${place}`;
    const below = propagate ? "" : " --propagate 0";
    return [
      `pveum role add ${role} --privs '${privileges.join(",")}'`,
      `pveum acl modify ${path} --tokens '${subject}' --roles ${role}${below}`,
    ];
  });
}
