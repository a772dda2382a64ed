// Zones, vnets, subnets and controllers alike: sections that are listed as written, as running or with what is pending.
import { shapeOf } from "../../schema/definition.ts";
import type { EndpointKey } from "../../schema/endpoints.gen.ts";
import { endpoint, parameterOf } from "../../schema/registry.ts";
import { ApiError, failure } from "../engine/error.ts";
import type { Call, Handler } from "../engine/handler.ts";
import { running, type SdnKind, type Staged, sdnOf, staged, written } from "../engine/sdn.ts";
import { assertFresh, changeSection, sectionDigest } from "../engine/section-file.ts";
import type { ClusterState, Section } from "../engine/state.ts";
import { assertDeletable, assertOptions } from "./sdn-types.ts";

export type Row = Record<string, unknown>;

/** What sets one kind of section apart. */
export interface Sort {
  readonly kind: SdnKind;
  /** `zone`: in PVE's texts, and the name of the id. */
  readonly noun: string;
  readonly create: EndpointKey;
  idOf(call: Call): string;
  typeOf(call: Call): string;
  missing(id: string): string;
  /** Throws a 403 where the caller may not change (or see) it. */
  check?(call: Call, id: string, section: Section | undefined, audit: boolean): void;
  isListed(call: Call, id: string, section: Staged): boolean;
  /** What PVE adds to a section that it shows. */
  adds?(id: string, section: Section): Row;
  /** Throws what PVE finds wrong with a section as a whole. */
  assert?(call: Call, id: string, section: Section, before: Section | undefined): void;
  /** Throws where something else hangs on it. */
  assertUnused?(state: ClusterState, id: string): void;
}

export const audits = ["SDN.Audit", "SDN.Allocate"];

const notOptions = ["type", "delete", "digest", "lock-token", "dhcp-range"];

/** Where PVE's texts name the line of its source. */
export const at = (file: string, line: number) => ` at /usr/share/perl5/PVE/${file} line ${line}.`;

/** One who holds the lock keeps all others out. */
export function assertToken({ cluster, params }: Call): void {
  const lock = cluster.state.sdn?.lock;
  if (lock !== undefined && lock !== params.text("lock-token"))
    throw failure(`invalid lock token provided!${at("Network/SDN.pm", 291)}`);
}

/** Carries a change out under PVE's lock, whose errors begin with what was attempted. */
export function attempt<T>(call: Call, what: string, change: () => T): T {
  try {
    assertToken(call);
    return change();
  } catch (problem) {
    if (!(problem instanceof ApiError)) throw problem;
    const lines = Object.entries(problem.errors ?? {}).map(([name, text]) => `${name}: ${text}\n`);
    throw failure(
      problem.errors
        ? `${what} failed: 400 ${problem.message}\n${lines.join("")}`
        : `${what} failed: ${problem.message}`,
    );
  }
}

/** Numbers and flags as such, lists as they are. */
export function typedOptions(key: EndpointKey, options: Section["options"]): Row {
  const declared = endpoint(key);
  const entries = Object.entries(options).map(([name, value]) => {
    const parameter = parameterOf(declared, name);
    const kind = parameter === undefined ? "string" : shapeOf(parameter.definition).kind;
    const isNumber = (kind === "integer" || kind === "boolean") && value !== "deleted" && !Array.isArray(value);
    return [name, isNumber ? Number(value) : value];
  });
  return Object.fromEntries(entries);
}

export function sectionHandlers(sort: Sort) {
  const { kind, noun } = sort;
  const shown = (id: string, section: Staged, digest: string | null): Row => ({
    ...typedOptions(sort.create, section.options),
    ...(section.state === undefined ? {} : { state: section.state }),
    ...(section.pending === undefined ? {} : { pending: typedOptions(sort.create, section.pending) }),
    ...sort.adds?.(id, section),
    [noun]: id,
    type: section.type,
    digest,
  });
  const asked = ({ cluster, params }: Call): { sections: Record<string, Staged>; digest: string | null } => {
    if (params.flag("pending")) return { sections: staged(cluster.state, kind), digest: null };
    if (params.flag("running")) return { sections: running(cluster.state, kind), digest: null };
    const file = written(cluster.state, kind);
    return { sections: file, digest: sectionDigest(file) };
  };
  const list: Handler = (call) => {
    const { sections, digest } = asked(call);
    const type = call.params.text("type");
    return Object.entries(sections)
      .filter(([id, section]) => (type === undefined || section.type === type) && sort.isListed(call, id, section))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([id, section]) => shown(id, section, digest));
  };
  const one: Handler = (call) => {
    const id = sort.idOf(call);
    const { sections, digest } = asked(call);
    const section = sections[id];
    sort.check?.(call, id, written(call.cluster.state, kind)[id], true);
    if (section === undefined) throw failure(sort.missing(id));
    return shown(id, section, digest);
  };
  const options = ({ params }: Call): Section["options"] => ({
    ...params.rest(...notOptions, noun),
    ...(params.has("dhcp-range") ? { "dhcp-range": params.array("dhcp-range") } : {}),
  });
  const create: Handler = (call) => {
    const file = written(call.cluster.state, kind);
    const section = { type: sort.typeOf(call), options: options(call) };
    const id = sort.idOf(call);
    sort.check?.(call, id, section, false);
    assertOptions(kind, section.type, section.options, true);
    return attempt(call, `create sdn ${noun} object`, () => {
      if (file[id] !== undefined) throw failure(`sdn ${noun} object ID '${id}' already defined`);
      sort.assert?.(call, id, section, undefined);
      file[id] = section;
      sdnOf(call.cluster.state);
      return null;
    });
  };
  const update: Handler = (call) => {
    const file = written(call.cluster.state, kind);
    const id = sort.idOf(call);
    const section = file[id];
    sort.check?.(call, id, section, false);
    return attempt(call, `update sdn ${noun} object`, () => {
      assertFresh(file, call.params.text("digest"));
      if (section === undefined) throw failure(sort.missing(id));
      const changed = { type: section.type, options: { ...section.options } };
      const set = options(call);
      assertOptions(kind, section.type, set, false);
      assertDeletable(kind, section.type, call.params.list("delete"));
      changeSection(changed, set, call.params.list("delete"));
      sort.assert?.(call, id, changed, section);
      file[id] = changed;
      return null;
    });
  };
  const remove: Handler = (call) => {
    const file = written(call.cluster.state, kind);
    const id = sort.idOf(call);
    sort.check?.(call, id, file[id], false);
    return attempt(call, `delete sdn ${noun} object`, () => {
      // PVE says nothing of a subnet that isn't there
      if (file[id] === undefined && kind !== "subnets") throw failure(sort.missing(id));
      sort.assertUnused?.(call.cluster.state, id);
      delete file[id];
      return null;
    });
  };
  return { list, one, create, update, remove };
}
