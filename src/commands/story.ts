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
}

export interface Story {
  readonly request: string;
  readonly steps: readonly Step[];
  end(known: Known): string;
}

const memory = 8192;
const gibibyte = 1024 ** 3;

/** The first example of the seed's page: next id, VM, disk, network, start, and the state read back. */
export const createVm: Story = {
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
