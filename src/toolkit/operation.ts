// Owns what an operation is: a line of data over one PVE endpoint, and what a line may add to it.

import type { PveAnswer } from "../pve/client.ts";
import type { WireValue } from "../schema/check.ts";
import type { Definition } from "../schema/definition.ts";
import type { EndpointKey } from "../schema/endpoints.gen.ts";
import type { Answer } from "./answer.ts";
import type { Acting, Ground } from "./ground.ts";
import type { Kind } from "./kind.ts";
import type { UnitName } from "./unit.ts";

export type { Acting, Ground } from "./ground.ts";

type OfGuests<Key> = Key extends `${infer Method} /nodes/{node}/${"qemu" | "lxc"}/{vmid}${infer Rest}`
  ? `${Method} /nodes/{node}/{type}/{vmid}${Rest}`
  : never;
type OfServices<Key> = Key extends `POST /nodes/{node}/services/{service}/${string}`
  ? "POST /nodes/{node}/services/{service}/{command}"
  : never;
type OfTargets<Key> = Key extends `${infer Method} /cluster/notifications/endpoints/${infer Rest}`
  ? Rest extends `${string}/{name}`
    ? `${Method} /cluster/notifications/endpoints/{target_type}/{name}`
    : `${Method} /cluster/notifications/endpoints/{target_type}`
  : never;

/** The same endpoint of VMs and containers: `{type}` stands for PVE's `qemu` or `lxc`. */
export type GuestEndpointKey = OfGuests<EndpointKey>;

/** An endpoint whose last segment has one name for VMs and another for containers. */
type MovesKey = "POST /nodes/{node}/{type}/{vmid}/move_disk|move_volume";

/** Endpoints that differ in one segment, which an argument chooses (`forks`). */
export type ForkedEndpointKey = OfServices<EndpointKey> | OfTargets<EndpointKey>;

export type AnyEndpointKey = EndpointKey | GuestEndpointKey | ForkedEndpointKey | MovesKey;

/** PVE parameters or arguments by name, as they were given or as they go on the wire. */
export type Values = Readonly<Record<string, unknown>>;

/** Turns an operation's own arguments into PVE's parameters: the ones to send beside those of PVE that were given. */
export type Compose = (ground: Ground) => Values | Promise<Values>;

/** Turns PVE's data into the part of an answer that differs from the usual one. */
export type Present = (data: unknown, ground: Ground) => Partial<Answer> | Promise<Partial<Answer>>;

/** Carries an operation out that is more than one request. What it returns is answered like PVE's answer to one. */
export type Perform = (acting: Acting, values: Readonly<Record<string, WireValue>>) => Promise<PveAnswer>;

/** Where what an operation changes can be read: an entry of its own, or the row of a list that has the call's value under `by`. */
export interface Replaced {
  readonly at: AnyEndpointKey;
  readonly by?: string;
  /** Further parameters of the reading. */
  readonly with?: Readonly<Record<string, WireValue>>;
  /** The keys that are told; without it all. */
  readonly keys?: readonly string[];
  /** What is deleted goes on standing there until it is applied. */
  readonly staged?: true;
}

/** What a line may say beyond its endpoint. Everything else is derived from the registry. */
export interface Options {
  /** The parameters of PVE that this operation takes, path variables aside; without it all of the endpoint's. */
  readonly takes?: readonly string[];
  /** Optional parameters that clients see; the others are taken unlisted. */
  readonly show?: readonly string[];
  /** Parameters that PVE requires and that are looked up or composed here when they are absent. */
  readonly optional?: readonly string[];
  /** The name that clients see for a parameter of PVE: PVE's name → ours. Both are taken. */
  readonly names?: Readonly<Record<string, string>>;
  /** Parameters that are sent as they stand here and can't be given. */
  readonly fixed?: Readonly<Record<string, WireValue>>;
  /** Arguments that PVE doesn't have, as definitions (`"name?"` when optional); `compose` makes PVE's of them. */
  readonly own?: Readonly<Record<string, Definition>>;
  /** A few words for clients on what an argument holds, where its name doesn't say it. */
  readonly hints?: Readonly<Record<string, string>>;
  /** The choices of an own argument that clients see, where more spellings are taken. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  /** Own arguments that are taken unlisted. */
  readonly unlisted?: readonly string[];
  /** Arguments that PVE doesn't take here, and what to use instead. */
  readonly instead?: Readonly<Record<string, string>>;
  /** Values that PVE spells otherwise: argument → what may be given → PVE's value. */
  readonly spellings?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Arguments that choose the segment of their name in the endpoint's path, and the segments there are. */
  readonly forks?: Readonly<Record<string, readonly string[]>>;
  /** `vmid` names a guest by number or name though the path isn't a guest's; its node is looked up. */
  readonly guest?: true;
  /** What is changed here, so that the old and the new value of each key are told and a change in between is noticed. */
  readonly replaces?: AnyEndpointKey | Replaced;
  /** Looks up what an argument means (a guest's name, a bare number) before anything else asks for it. */
  readonly resolve?: (ground: Ground) => Promise<Readonly<Record<string, WireValue>>>;
  readonly compose?: Compose;
  /** Endpoints that `perform` sends something to, beside the operation's own. */
  readonly also?: readonly AnyEndpointKey[];
  readonly perform?: Perform;
  readonly present?: Present;
  /** The line that says that it is done; `{name}` stands for a value, `{guest}` for the guest. */
  readonly done?: string;
  /** The fields to show, in order, separated by blanks; without it all of them. */
  readonly fields?: string;
  /** How numbers read whose name doesn't say it. */
  readonly units?: Readonly<Record<string, UnitName>>;
}

export interface Operation extends Options {
  readonly kind: Kind;
  readonly endpoint: AnyEndpointKey;
}

/** An operation of one kind over an endpoint of the registry; an endpoint that PVE doesn't have is no program. */
type Line = (endpoint: AnyEndpointKey, options?: Options) => Operation;

const line =
  (kind: Kind): Line =>
  (endpoint, options = {}) => ({ kind, endpoint, ...options });

/** Shows what PVE knows. */
export const read = line("read");
/** Shows what is inside a guest or a backup, and changes nothing. */
export const reveal = line("reveal");
/** Changes something that can be changed back. */
export const write = line("write");
/** Does something that can't be undone. */
export const destroy = line("destroy");
/** Runs code in a guest or on a host. */
export const exec = line("exec");
