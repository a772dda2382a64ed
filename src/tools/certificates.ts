// The certificates that the nodes serve their API with.
import { remove, removed, upload, uploaded } from "../handlers/certificates.ts";
import { destroy, read, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const info = "GET /nodes/{node}/certificates/info";

export const shownCertificate = {
  fields: "filename subject san issuer notbefore notafter fingerprint public-key-type public-key-bits",
  units: { notbefore: "moment", notafter: "moment" },
} as const;

export const certificateTools = [
  tool("proxmox_certificate", "Node certificates", {
    list: read(info, {
      ...shownCertificate,
      done: "{count} certificates of node {node}",
    }),
    upload: write("POST /nodes/{node}/certificates/custom", {
      ...shownCertificate,
      show: ["key", "force", "restart"],
      compose: upload,
      present: uploaded,
      done: "The certificate was put on node {node}",
    }),
    delete: destroy("DELETE /nodes/{node}/certificates/custom", {
      ...shownCertificate,
      perform: remove,
      present: removed,
    }),
  }),
];
