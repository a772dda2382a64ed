import { describe, expect, test } from "bun:test";
import { type Endpoint, endpoint, endpointKeys } from "../../../src/schema/registry.ts";
import { checkParameters } from "../../../src/simulator/door/parameters.ts";
import { ApiError } from "../../../src/simulator/engine/error.ts";
import { seededRandom } from "../../../src/simulator/engine/random.ts";
import { faultsOf, type Value, validRequest } from "./requests.ts";

/** The complaints of the door, by name; none when it lets the request pass. */
function complaints(checked: Endpoint, request: ReadonlyMap<string, Value>): string[] {
  try {
    checkParameters(checked, new Map(request), "9.2");
    return [];
  } catch (problem) {
    if (problem instanceof ApiError) return Object.keys(problem.errors ?? {});
    throw problem;
  }
}

const random = seededRandom(20_261_124);
const made = endpointKeys().flatMap((key) =>
  Array.from({ length: 6 }, () => ({ key, checked: endpoint(key), request: validRequest(endpoint(key), random) })),
);
const requests = made.flatMap(({ request, ...rest }) => (request === undefined ? [] : [{ ...rest, request }]));

describe("the door", () => {
  test("is asked about nearly every endpoint", () => {
    expect(new Set(requests.map(({ key }) => key)).size).toBeGreaterThan(550);
  });

  test("lets every valid request pass", () => {
    const refused = requests.flatMap(({ key, checked, request }) => {
      const names = complaints(checked, request);
      return names.length === 0 ? [] : [`${key} ${JSON.stringify([...request])}: ${names.join(" ")}`];
    });
    expect(refused).toEqual([]);
  });

  test("answers a request with one fault with that fault, and no other", () => {
    const wrong = requests.flatMap(({ key, checked, request }) =>
      faultsOf(checked, request).flatMap((fault) => {
        const names = complaints(checked, fault.request);
        return names.length === 1 && names[0] === fault.name ? [] : [`${key} ${fault.name}: ${names.join(" ")}`];
      }),
    );
    expect(wrong).toEqual([]);
  });
});
