// Owns how hosts, ports and pinned fingerprints become the doors to one cluster, each with its own pin.
import type { Pin } from "./fingerprint.ts";
import { type Address, authority } from "./host.ts";
import type { Reader } from "./reader.ts";
import { settings } from "./settings.ts";

/** A node whose API can be asked. */
export interface Door {
  /** Without brackets where it is an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** `https://host:port`, without a slash at its end. */
  readonly base: string;
  /** SHA-256 of the one certificate to accept, `AA:BB:…`. */
  readonly fingerprint?: string;
}

/** The doors that the settings name, in their order; none when the reader gathered why. */
export function readDoors(reader: Reader): readonly Door[] {
  if (reader.raw(settings.host) === undefined) reader.mistake(settings.host);
  const addresses = reader.given(settings.host) ?? [];
  const port = reader.value(settings.port);
  const asked = reader.raw(settings.port) !== undefined;
  const other = addresses.find((address) => asked && address.port !== undefined && address.port !== port);
  if (other && port !== undefined) {
    reader.mistake(settings.port, `${settings.host.name} has port ${other.port}: keep one of the two`);
  }
  const places = addresses.map((address) => placeOf(address, address.port ?? port ?? 0));
  const pins = reader.given(settings.sslFingerprint) ?? [];
  const cure = places.length === 0 ? undefined : misfit(pins, places);
  if (cure !== undefined) reader.mistake(settings.sslFingerprint, cure);
  return places.map((place, index) => {
    const pin = pinOf(place, index, pins);
    return pin === undefined ? place : { ...place, fingerprint: pin.fingerprint };
  });
}

const placeOf = ({ host }: Address, port: number): Door => ({ host, port, base: `https://${authority(host, port)}` });

const isFor = ({ host, port }: Door, pin: Pin): boolean =>
  pin.host !== undefined && [host, authority(host, port), `[${host}]`].includes(pin.host);

/** What keeps the pins from fitting the hosts. */
function misfit(pins: readonly Pin[], places: readonly Door[]): string | undefined {
  const stray = pins.find((pin) => pin.host !== undefined && !places.some((place) => isFor(place, pin)));
  if (stray) return `${settings.host.name} has no host ${stray.host}`;
  const bare = pins.filter(({ host }) => host === undefined);
  if (bare.length > 0 && bare.length < pins.length) return "write host=fingerprint for each of them";
  const fits = bare.length <= 1 || bare.length === places.length;
  return fits ? undefined : `there are ${bare.length} fingerprints and ${places.length} hosts`;
}

/** A single fingerprint without a host holds for all of them. */
function pinOf(place: Door, index: number, pins: readonly Pin[]): Pin | undefined {
  const named = pins.find((pin) => isFor(place, pin));
  const bare = pins.filter(({ host }) => host === undefined);
  return named ?? (bare.length === 1 ? bare[0] : bare[index]);
}

/** PROXMOX_SSL_FINGERPRINT as it would be with another fingerprint for one of the doors. */
export function pinSetting(doors: readonly Door[], door: Door, fingerprint: string): string {
  if (doors.length < 2) return `PROXMOX_SSL_FINGERPRINT=${fingerprint}`;
  const all = doors.map((one) => ({ ...one, ...(one === door && { fingerprint }) }));
  const pinned = all.flatMap((one) => (one.fingerprint ? [`${authority(one.host, one.port)}=${one.fingerprint}`] : []));
  return `PROXMOX_SSL_FINGERPRINT=${pinned.join(",")}`;
}
