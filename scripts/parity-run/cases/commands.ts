// What the run knows of what is done inside guests: VM 100 through its agent, container 103 over SSH.
import type { Cases } from "../case.ts";

const agent = "/nodes/{node}/qemu/{vmid}/agent";

export const commandCases: Cases = {
  "proxmox_agent_info operation=ping": { traceless: "an answer is all there is of it", says: /answers/ },
  "proxmox_agent_info operation=osinfo": { says: /kernel/i },
  "proxmox_agent_info operation=fsinfo": { says: /\// },
  "proxmox_agent_info operation=network_interfaces": { says: /lo/ },
  "proxmox_agent_info operation=time": { says: /T\d\d:\d\d/ },
  "proxmox_agent_hw operation=vcpus": { says: /2 processors/ },
  "proxmox_agent_hw operation=hostname": { says: /web-01/ },
  "proxmox_agent_exec operation=exec": {
    given: { command: "echo", args: ["two words"], "input-data": "in", "capture-output": 1, timeout: 20 },
    says: /two words|exit/i,
    traceless: "the agent tells of each command once, and has told it",
  },
  "proxmox_agent_exec operation=status": {
    given: { pid: "@POST /nodes/pve1/qemu/100/agent/exec command=echo pid" },
  },
  "proxmox_agent_file operation=read": { given: { file: "/etc/hostname" }, says: /web-01/ },
  "proxmox_agent_file operation=write": {
    given: { file: "/tmp/parity", content: "parity", encode: 1 },
    effect: [`GET ${agent}/file-read file=/tmp/parity has content=parity`],
  },
  "proxmox_agent_freeze operation=status": { traceless: "it only looks", says: /thawed/ },
  "proxmox_agent_freeze operation=freeze": { traceless: "PVE shows it by a POST alone", says: /fro?zen/ },
  "proxmox_agent_freeze operation=thaw": {
    before: ["POST /nodes/pve1/qemu/100/agent/fsfreeze-freeze"],
    effect: [`GET ${agent}/get-host-name has result.host-name=web-01`],
  },
  "proxmox_agent_freeze operation=fstrim": { traceless: "what it gives back is the host's to know", says: /trimmed/ },
  "proxmox_agent_power operation=shutdown": {
    effect: ["GET /nodes/{node}/qemu/{vmid}/status/current has status=stopped"],
  },
  "proxmox_agent_power operation=suspend_disk": { ends: /not supported by the guest/ },
  "proxmox_agent_power operation=suspend_ram": {
    effect: ["GET /nodes/{node}/qemu/{vmid}/status/current has qmpstatus=paused"],
  },
  "proxmox_agent_power operation=suspend_hybrid": { ends: /not supported by the guest/ },
  "proxmox_agent_user operation=set_password": {
    given: { username: "root", password: "parity-secret", crypted: 0 },
    traceless: "nobody can read a password back",
  },
  proxmox_lxc_exec: { given: { command: "echo parity", timeout: 10 }, ssh: true, says: /parity/ },
};
