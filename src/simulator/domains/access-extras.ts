// Second factors, as far as they are read.
import { ApiError, failure } from "../engine/error.ts";
import type { Handlers } from "../engine/handler.ts";

export const accessExtras: Handlers = {
  "GET /access/tfa": () => [],
  "GET /access/tfa/{userid}": () => [],
  "GET /access/tfa/{userid}/{id}": (call) => {
    throw new ApiError(404, `No such tfa entry '${call.params.need("id")}'`);
  },
  "GET /access/users/{userid}/tfa": (call) => {
    const userid = call.params.need("userid");
    if (call.cluster.state.access.users[userid] === undefined) throw failure(`no such user ('${userid}')`);
    return { realm: null, types: null };
  },
  "PUT /access/users/{userid}/unlock-tfa": (call) => {
    if (call.cluster.state.access.users[call.params.need("userid")] === undefined) throw failure("no such user");
    return 0;
  },
};
