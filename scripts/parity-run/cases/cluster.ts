// What the run knows of the operations on the cluster itself, HA and jobs.
import type { Case, Cases } from "../case.ts";

const job = "POST /cluster/backup id=parity schedule=03:00 storage=local vmid=100 comment=old";
const replicating = [
  "POST /storage storage=zp type=zfspool pool=rpool/data content=images,rootdir",
  "POST /nodes/pve1/qemu vmid=150 name=replica scsi0=zp:4",
];
const replication = [...replicating, "POST /cluster/replication id=150-0 target=pve2 type=local comment=old"];
const managed = "POST /cluster/ha/resources sid=vm:111 state=stopped comment=old";
const rule = [
  managed,
  "POST /cluster/ha/rules rule=parity type=node-affinity resources=vm:111 nodes=pve1,pve3 comment=old",
];
const ofRules = "from 9 on HA groups are HA rules of the type node-affinity";
const rules = (key: "GET" | "POST" | "PUT" | "DELETE"): NonNullable<Case["reaches"]> => ({
  endpoints:
    key === "GET"
      ? ["GET /cluster/ha/rules"]
      : key === "POST"
        ? ["POST /cluster/ha/rules"]
        : [`${key} /cluster/ha/rules/{rule}`],
  because: ofRules,
});
const on8 = (more: Case): Case => ({ start: ["--pve", "8.4"], ...more });
const group = "POST /cluster/ha/groups group=parity nodes=pve1,pve3 comment=old";
const groupArguments = {
  group: "parity",
  nodes: "pve1:2,pve2",
  nofailback: 1,
  restricted: 1,
  type: "group",
  digest: "@GET /cluster/ha/groups/parity digest",
};

export const clusterCases: Cases = {
  "proxmox_cluster action=status": { says: /quor/i },
  "proxmox_cluster action=options": { says: /BC:24:11/ },
  "proxmox_cluster action=update_options": {
    given: { options: { keyboard: "de", console: "html5" } },
    effect: ["GET /cluster/options has keyboard=de console=html5"],
  },
  "proxmox_cluster_config action=get": {
    reaches: { endpoints: ["GET /cluster/config/join"], because: "it has the nodes too" },
    says: /pve2/,
  },
  "proxmox_cluster_config action=list_nodes": { says: /pve2/ },
  "proxmox_cluster_config action=get_node": { given: { node: "pve2" }, says: /pve2/ },
  "proxmox_cluster_config action=join": {
    given: { hostname: "192.0.2.11", password: "parity-secret", fingerprint: Array(32).fill("AB").join(":") },
    needs: { fingerprint: Array(32).fill("AB").join(":") },
    ends: /root@pam/,
  },
  proxmox_cluster_backup_job: {
    given: {
      id: "parity",
      starttime: "03:30",
      dow: "sat,sun",
      all: 1,
      vmid: "100,101",
      pool: "production",
      dumpdir: "/var/backups",
      enabled: 0,
      exclude: "102",
      "exclude-path": "/tmp/*",
      ionice: 6,
      lockwait: 60,
      mailnotification: "failure",
      mailto: "ops@demo.test",
      maxfiles: 3,
      node: "pve1",
      "notes-template": "{{guestname}}",
      performance: "max-workers=2",
      pigz: 0,
      protected: 1,
      quiet: 1,
      remove: 1,
      "repeat-missed": 1,
      script: "/usr/local/bin/hook",
      stdexcludes: 1,
      stop: 0,
      stopwait: 5,
      tmpdir: "/var/tmp",
      zstd: 2,
      digest: "0",
    },
    apart: {
      all: { all: 1, vmid: undefined },
      exclude: { all: 1, vmid: undefined, exclude: "102" },
      pool: { pool: "production", vmid: undefined },
      "prune-backups": { "prune-backups": "keep-last=3" },
      script: { script: "/usr/local/bin/hook" },
      tmpdir: { tmpdir: "/var/tmp" },
      dumpdir: { dumpdir: "/var/backups", storage: undefined },
    },
    endings: { script: /[Oo]nly root/, tmpdir: /[Oo]nly root/, dumpdir: /[Oo]nly root/ },
  },
  "proxmox_cluster_backup_job action=list": { before: [job], says: /parity/ },
  "proxmox_cluster_backup_job action=get": { before: [job], says: /03:00/ },
  "proxmox_cluster_backup_job action=create": {
    needs: { vmid: "100,101" },
    effect: ["GET /cluster/backup has schedule=~sat,sun.*03:30 storage=local vmid=100,101"],
    effects: {
      all: ["GET /cluster/backup has all=1"],
      pool: ["GET /cluster/backup has pool=production"],
      every: ["GET /cluster/backup/parity has enabled=0 comment=parity mode=snapshot"],
    },
  },
  "proxmox_cluster_backup_job action=update": {
    before: [job],
    with: { comment: "new" },
    effects: {
      required: ["GET /cluster/backup has id=parity comment=new schedule=03:00"],
      every: ["GET /cluster/backup has id=parity comment=parity vmid=100,101 enabled=0"],
      delete: ["GET /cluster/backup lacks id=parity comment=~."],
    },
  },
  "proxmox_cluster_backup_job action=delete": { before: [job], effect: ["GET /cluster/backup lacks id=parity"] },
  proxmox_cluster_replication_job: {
    before: replication,
    given: {
      id: "150-0",
      target: "pve2",
      type: "local",
      rate: 10,
      remove_job: "local",
      schedule: "*/30",
      source: "pve1",
      digest: "@GET /cluster/replication/150-0 digest",
      keep: 1,
    },
    says: /150-0/,
  },
  "proxmox_cluster_replication_job action=create": {
    before: replicating,
    apart: { remove_job: { remove_job: "local" } },
    effect: ["GET /cluster/replication/150-0 has target=pve2"],
    effects: { every: ["GET /cluster/replication has id=150-0 comment=parity rate=10 schedule=~30"] },
  },
  "proxmox_cluster_replication_job action=update": {
    with: { schedule: "*/20" },
    apart: { remove_job: { remove_job: "local" }, delete: { delete: "comment" } },
    effects: {
      required: ["GET /cluster/replication has id=150-0 schedule=~20"],
      every: ["GET /cluster/replication has id=150-0 comment=parity rate=10"],
      delete: ["GET /cluster/replication has id=150-0 comment="],
    },
  },
  "proxmox_cluster_replication_job action=delete": {
    apart: { keep: { keep: 1 } },
    effect: ["GET /cluster/replication lacks id=150-0 remove_job="],
  },
  proxmox_ha_resource: {
    given: {
      sid: "vm:111",
      type: "vm",
      failback: 0,
      group: "parity",
      max_relocate: 3,
      max_restart: 2,
      state: "stopped",
      digest: "@GET /cluster/ha/resources/vm:111 digest",
    },
  },
  "proxmox_ha_resource action=list": { before: [managed], says: /vm:111/ },
  "proxmox_ha_resource action=get": { before: [managed], says: /vm:111/ },
  "proxmox_ha_resource action=status": { before: [managed], says: /vm:111/ },
  "proxmox_ha_resource action=create": {
    refused: ["group"],
    effect: ["GET /cluster/ha/status/current has sid=vm:111", "GET /cluster/ha/resources has sid=vm:111"],
    effects: { every: ["GET /cluster/ha/resources has sid=vm:111 max_relocate=3 max_restart=2 comment=parity"] },
  },
  "proxmox_ha_resource action=update": {
    before: [managed],
    with: { max_restart: 3 },
    refused: ["group"],
    effects: {
      required: ["GET /cluster/ha/resources has sid=vm:111 max_restart=3"],
      every: ["GET /cluster/ha/resources has sid=vm:111 max_relocate=3 comment=parity"],
      delete: ["GET /cluster/ha/resources has sid=vm:111 comment="],
    },
  },
  "proxmox_ha_resource action=delete": { before: [managed], effect: ["GET /cluster/ha/resources lacks sid=vm:111"] },
  "proxmox_ha_group action=list": {
    before: rule,
    reaches: rules("GET"),
    says: /parity/,
    further: { "on 8.4": on8({ before: [group], says: /parity/ }) },
  },
  "proxmox_ha_group action=get": {
    before: rule,
    given: { group: "parity" },
    reaches: { endpoints: ["GET /cluster/ha/rules/{rule}"], because: ofRules },
    says: /pve3/,
    further: { "on 8.4": on8({ before: [group], given: { group: "parity" }, says: /pve3/ }) },
  },
  "proxmox_ha_group action=create": {
    before: [managed],
    given: groupArguments,
    needs: { resources: "vm:111" },
    reaches: rules("POST"),
    effect: ["GET /cluster/ha/rules/parity has nodes=~pve1:2 resources=vm:111"],
    effects: { every: ["GET /cluster/ha/rules has rule=parity strict=1 comment=parity"] },
    further: {
      "on 8.4": on8({
        given: groupArguments,
        effect: ["GET /cluster/ha/groups has group=parity nodes=~pve1:2"],
        effects: { every: ["GET /cluster/ha/groups has group=parity restricted=1 nofailback=1 comment=parity"] },
      }),
    },
  },
  "proxmox_ha_group action=update": {
    before: rule,
    given: { ...groupArguments, digest: "@GET /cluster/ha/rules/parity digest" },
    with: { nodes: "pve1:2,pve2" },
    reaches: rules("PUT"),
    effect: ["GET /cluster/ha/rules has rule=parity nodes=~pve1:2"],
    effects: { every: ["GET /cluster/ha/rules has rule=parity strict=1 comment=parity"] },
    further: {
      "on 8.4": on8({
        before: [group],
        given: groupArguments,
        with: { nodes: "pve1:2,pve2" },
        effect: ["GET /cluster/ha/groups has group=parity nodes=~pve1:2"],
      }),
    },
  },
  "proxmox_ha_group action=delete": {
    before: rule,
    given: groupArguments,
    reaches: rules("DELETE"),
    effect: ["GET /cluster/ha/rules lacks rule=parity"],
    further: {
      "on 8.4": on8({ before: [group], given: groupArguments, effect: ["GET /cluster/ha/groups lacks group=parity"] }),
    },
  },
};
