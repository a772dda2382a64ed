// Owns the stories of the demo: what a person asks for, the calls that do it, and what must be true at the end.

type Known = Readonly<Record<string, unknown>>;

/** One call of a story. */
export interface Step {
  readonly tool: string;
  given(known: Known): Record<string, unknown>;
  /** What later steps need of the answer's record. */
  learn?(record: Known): Record<string, unknown>;
  /** What the answer's record must hold: a value, or a pattern of its text. */
  expect?(known: Known): Record<string, unknown>;
  /** What the answer's text must say. */
  readonly says?: RegExp;
  /** The call has to fail: that is what the story is about. */
  readonly fails?: true;
}

export interface Story {
  /** As it is called on the command line. */
  readonly name: string;
  readonly request: string;
  /** What happened before the request. */
  readonly before?: readonly Step[];
  readonly steps: readonly Step[];
  end(known: Known): string;
}

const memory = 8192;
const gibibyte = 1024 ** 3;

/** The first example of the seed's page: next id, VM, disk, network, start, and the state read back. */
const createVm: Story = {
  name: "create-vm",
  request: "Create an Ubuntu VM with 4 cores, 8 GB RAM and a 50 GB disk on pve1",
  steps: [
    { tool: "proxmox_get_next_vmid", given: () => ({}), learn: ({ vmid }) => ({ vmid }) },
    {
      tool: "proxmox_create_vm",
      given: ({ vmid }) => ({ node: "pve1", vmid, name: "ubuntu-01", cores: 4, memory, ostype: "l26" }),
      expect: ({ vmid }) => ({ vmid, node: "pve1", cores: "4", memory: String(memory) }),
    },
    {
      tool: "proxmox_vm_disk",
      given: ({ vmid }) => ({ action: "add", node: "pve1", vmid, disk: "scsi0", storage: "local-lvm", size: "50G" }),
      expect: () => ({ scsi0: /^local-lvm:.*\bsize=50G\b/, boot: "order=scsi0" }),
    },
    {
      tool: "proxmox_guest_network",
      given: ({ vmid }) => ({ action: "add", type: "vm", node: "pve1", vmid, net: "net0", bridge: "vmbr0" }),
      expect: () => ({ net0: /^virtio=[0-9A-F:]{17},bridge=vmbr0/ }),
    },
    {
      tool: "proxmox_guest_start",
      given: ({ vmid }) => ({ type: "vm", node: "pve1", vmid }),
      expect: () => ({ status: "running" }),
    },
    {
      tool: "proxmox_guest_status",
      given: () => ({ vmid: "ubuntu-01" }),
      expect: () => ({ name: "ubuntu-01", status: "running", cpus: 4, maxmem: 8 * gibibyte, maxdisk: 50 * gibibyte }),
    },
  ],
  end: ({ vmid }) => `VM ${vmid} (ubuntu-01) runs on pve1 with 4 cores, 8 GiB of memory and a 50 GiB disk.`,
};

/** A guest that the HA manager keeps running, on the nodes that a rule prefers. */
const highAvailability: Story = {
  name: "high-availability",
  request: "Make VM 100 highly available: pve1 first, pve2 if that is down",
  steps: [
    { tool: "proxmox_cluster", given: () => ({ action: "status" }), says: /quora/ },
    { tool: "proxmox_guest_status", given: () => ({ vmid: 100 }), expect: () => ({ status: "running" }) },
    {
      tool: "proxmox_ha_resource",
      given: () => ({ action: "create", sid: "vm:100", state: "started" }),
      expect: () => ({ sid: "vm:100", state: "started" }),
    },
    {
      tool: "proxmox_ha_group",
      given: () => ({ action: "create", group: "web", nodes: "pve1:2,pve2:1", resources: "vm:100" }),
      expect: () => ({ rule: "web", type: "node-affinity" }),
    },
    { tool: "proxmox_ha_resource", given: () => ({ action: "status" }), says: /service:vm:100 .*started/ },
    {
      tool: "proxmox_guest_status",
      given: () => ({ vmid: 100 }),
      expect: () => ({ status: "running", hastate: "started", node: "pve1" }),
    },
  ],
  end: () => "the HA manager keeps VM 100 running, on pve1 as long as that is up, else on pve2.",
};

const iso = "local:iso/debian-13.1.0-amd64-netinst.iso";

/** A VM that fails to start: its last task says why, its configuration what to change. */
const wontStart: Story = {
  name: "wont-start",
  request: "VM 100 won't start, find out why",
  before: [
    { tool: "proxmox_guest_shutdown", given: () => ({ vmid: 100 }), expect: () => ({ status: "stopped" }) },
    { tool: "proxmox_guest_config_update", given: () => ({ vmid: 100, config: { ide2: `${iso},media=cdrom` } }) },
    { tool: "proxmox_storage_content", given: () => ({ action: "delete", node: "pve1", volume: iso }) },
  ],
  steps: [
    { tool: "proxmox_guest_start", given: () => ({ vmid: 100 }), fails: true, says: /does not exist/ },
    {
      tool: "proxmox_node_task",
      given: () => ({ action: "list", node: "pve1", vmid: 100, errors: true }),
      says: /qmstart .*does not exist/,
    },
    {
      tool: "proxmox_guest_config",
      given: () => ({ vmid: 100 }),
      expect: () => ({ ide2: /debian-13/ }),
    },
    {
      tool: "proxmox_storage_content",
      given: () => ({ action: "list", node: "pve1", storage: "local", content: "iso" }),
      says: /1 volume on local/,
    },
    {
      tool: "proxmox_guest_config_update",
      given: () => ({ vmid: 100, delete: "ide2" }),
      says: /ide2: .* → \(not set\)/,
    },
    { tool: "proxmox_guest_start", given: () => ({ vmid: 100 }), expect: () => ({ status: "running" }) },
    { tool: "proxmox_guest_status", given: () => ({ vmid: 100 }), expect: () => ({ status: "running" }) },
  ],
  end: () => "its CD-ROM named an ISO that somebody had deleted. Without it VM 100 runs.",
};

export const stories: readonly [Story, ...Story[]] = [createVm, highAvailability, wontStart];
