// Owns calls as root@pam itself, logged in: what PVE lets no API token do (facts 36).
import { createSimulator, type Simulator } from "../../src/simulator/simulator.ts";

/** The recorded cluster, to which every request comes with root@pam's ticket instead of the token. */
export async function loggedIn(): Promise<Simulator> {
  const simulator = createSimulator({ start: "recorded", speed: Number.POSITIVE_INFINITY, seed: 1 });
  const login = new URLSearchParams({ username: "root@pam", password: "pve-root-pw" });
  const answer = await simulator.fetch(
    new Request("https://pve:8006/api2/json/access/ticket", { method: "POST", body: login }),
  );
  const { data }: { data: { ticket: string; CSRFPreventionToken: string } } = JSON.parse(await answer.text());
  const fetch = (request: Request) => {
    const headers = new Headers(request.headers);
    headers.delete("authorization");
    headers.set("cookie", `PVEAuthCookie=${encodeURIComponent(data.ticket)}`);
    headers.set("CSRFPreventionToken", data.CSRFPreventionToken);
    return simulator.fetch(new Request(request, { headers }));
  };
  return { ...simulator, fetch };
}
