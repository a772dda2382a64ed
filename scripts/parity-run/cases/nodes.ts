// What the run knows of the operations on nodes.
import type { Cases } from "../case.ts";

/** A VM whose disk replicates, and its job. */
const replicating = [
  "POST /storage storage=zp type=zfspool pool=rpool/data content=images,rootdir",
  "POST /nodes/pve1/qemu vmid=150 name=replica scsi0=zp:4",
  "POST /cluster/replication id=150-0 target=pve2 type=local",
];
const task = (type: string) => `GET /nodes/{node}/tasks source=all has type=${type}`;
const bridge = "POST /nodes/pve1/network iface=vmbr7 type=bridge autostart=1 bridge_ports=nic1";
const vlan = "POST /nodes/pve1/network iface=nic1.7 type=vlan";
const bond = { iface: "bond0", type: "bond", bond_slaves: "nic1" };
/** Arguments that belong to one type of interface. */
const byType = {
  bond_mode: { ...bond, bond_mode: "active-backup" },
  bond_primary: { ...bond, bond_mode: "active-backup", bond_primary: "nic1" },
  bond_slaves: { ...bond, bond_mode: "balance-rr" },
  bond_xmit_hash_policy: { ...bond, bond_mode: "802.3ad", bond_xmit_hash_policy: "layer2+3" },
  "vlan-id": { iface: "vlan7", type: "vlan", "vlan-id": 7, "vlan-raw-device": "nic1" },
  "vlan-raw-device": { iface: "vlan8", type: "vlan", "vlan-id": 8, "vlan-raw-device": "nic1" },
  cidr: { cidr: "192.0.2.88/24" },
};

export const nodeCases: Cases = {
  "proxmox_node action=list": { says: /pve1[\s\S]*pve2[\s\S]*pve3/ },
  "proxmox_node action=network": { given: { type: "any_bridge" }, says: /vmbr0/ },
  "proxmox_node action=iface": { given: { iface: "vmbr0" }, says: /vmbr0/ },
  "proxmox_node action=dns": { says: /192\.0\.2\.1/ },
  "proxmox_node_service action=list": { says: /pveproxy/ },
  "proxmox_node_service action=control,command=start": {
    given: { service: "cron" },
    before: ["POST /nodes/pve1/services/cron/stop"],
    effect: ["GET /nodes/{node}/services has service=cron state=running"],
  },
  "proxmox_node_service action=control,command=stop": {
    given: { service: "cron" },
    effect: ["GET /nodes/{node}/services has service=cron state=~^(dead|stopped|exited)$"],
  },
  "proxmox_node_service action=control,command=restart": {
    given: { service: "cron" },
    effect: ["GET /nodes/{node}/services has service=cron state=running", task("srvrestart")],
  },
  "proxmox_node_task action=list": {
    before: ["POST /nodes/pve3/qemu/111/status/start"],
    given: { node: "pve3" },
    says: /qmstart/,
  },
  "proxmox_node_task action=get": {
    before: ["POST /nodes/pve3/qemu/111/status/start"],
    given: { node: "pve3", upid: "@GET /nodes/pve3/tasks upid" },
    says: /qmstart[\s\S]*OK/,
  },
  "proxmox_node_info action=aplinfo": { says: /debian/ },
  "proxmox_node_info action=netstat": { says: /100/ },
  "proxmox_node_config action=get_time": { says: /UTC/ },
  "proxmox_node_config action=set_time": {
    given: { time: "12:00", timezone: "Europe/Berlin" },
    needs: { timezone: "Europe/Berlin" },
    effect: ["GET /nodes/{node}/time has timezone=Europe/Berlin"],
  },
  "proxmox_node_config action=set_dns": {
    given: { search: "parity.test", dns1: "192.0.2.53", dns2: "192.0.2.54", dns3: "192.0.2.55", delete: "dns3" },
    with: { dns1: "192.0.2.53" },
    apart: { delete: { delete: "dns2" } },
    effects: {
      required: ["GET /nodes/{node}/dns has dns1=192.0.2.53 search=demo.test"],
      every: ["GET /nodes/{node}/dns has dns1=192.0.2.53 dns2=192.0.2.54 dns3=192.0.2.55 search=parity.test"],
      delete: ["GET /nodes/{node}/dns has dns1=192.0.2.1 dns2="],
    },
  },
  "proxmox_node_config action=get_hosts": { says: /pve1\.demo\.test/ },
  "proxmox_node_config action=set_hosts": {
    given: { ip: "192.0.2.99", name: "files.demo.test", digest: "@GET /nodes/pve1/hosts digest" },
    effect: ["GET /nodes/{node}/hosts has data=~pve3[^]*192\\.0\\.2\\.99"],
  },
  "proxmox_node_subscription action=set": {
    given: { key: "pve4c-0123456789" },
    effect: ["GET /nodes/{node}/subscription has key=pve4c-0123456789"],
  },
  "proxmox_node_subscription action=delete": {
    before: ["PUT /nodes/pve1/subscription key=pve4c-0123456789"],
    effect: ["GET /nodes/{node}/subscription has status=notfound"],
  },
  "proxmox_apt action=update": { effect: [task("aptupdate")] },
  "proxmox_apt action=upgrade": {
    reaches: {
      endpoints: ["GET /nodes/{node}/apt/update"],
      because: "PVE has no API to upgrade: it answers what could be",
    },
    ends: /apt/,
  },
  "proxmox_apt action=versions": { given: { package: "pve-manager" }, says: /pve-manager/ },
  "proxmox_node_bulk action=start_all": {
    before: ["POST /nodes/pve1/lxc/103/status/stop"],
    effect: ["GET /nodes/{node}/lxc/103/status/current has status=running", task("startall")],
  },
  "proxmox_node_bulk action=stop_all": {
    effect: ["GET /nodes/{node}/lxc/103/status/current has status=stopped", task("stopall")],
  },
  "proxmox_node_bulk action=migrate_all": {
    before: ["PUT /cluster/options max_workers=2"],
    given: { target: "pve2", maxworkers: 1, "with-local-disks": 1 },
    effect: ["GET /cluster/resources type=vm has vmid=120 node=pve2", task("migrateall")],
  },
  "proxmox_node_power action=shutdown": {
    given: { node: "pve2" },
    effect: ["GET /nodes has node=pve2 status=offline"],
  },
  "proxmox_node_power action=reboot": {
    given: { node: "pve2" },
    effect: ["GET /nodes has node=pve2 status=~."],
  },
  "proxmox_node_power action=wakeonlan": {
    start: ["--offline", "pve3"],
    given: { node: "pve3" },
    traceless: "the packet is all there is of it",
    says: /[0-9A-F]{2}(:[0-9A-F]{2}){5}/i,
  },
  proxmox_node_replication: { before: replicating, given: { id: "150-0" } },
  "proxmox_node_replication action=status": { says: /150-0/ },
  "proxmox_node_replication action=schedule": {
    effect: ["GET /nodes/{node}/replication/150-0/status has last_sync=~^[1-9]"],
  },
  proxmox_node_network_iface: {
    given: {
      iface: "vmbr7",
      type: "bridge",
      autostart: 1,
      method: "static",
      address: "192.0.2.88",
      netmask: "255.255.255.0",
      gateway: "192.0.2.1",
      bridge_ports: "nic1",
      bridge_stp: "off",
      bridge_fd: "0",
      bond_mode: "active-backup",
      bond_primary: "nic1",
      bond_slaves: "nic1",
      bond_xmit_hash_policy: "layer2+3",
      "vlan-id": 7,
      "vlan-raw-device": "nic1",
      cidr: "192.0.2.88/24",
      bond_miimon: 100,
      revert: 1,
      digest: "0",
      delete: "comments",
    },
  },
  "proxmox_node_network_iface action=create": {
    apart: byType,
    effect: ["GET /nodes/{node}/network/vmbr7 has type=bridge"],
    effects: {
      every: [
        "GET /nodes/{node}/network has iface=vmbr7 address=192.0.2.88 bridge_ports=nic1 comments=parity mtu=1400",
      ],
      bond_mode: ["GET /nodes/{node}/network has iface=bond0 bond_mode=active-backup slaves=nic1"],
      "vlan-id": ["GET /nodes/{node}/network has iface=vlan7 vlan-id=7 vlan-raw-device=nic1"],
    },
  },
  "proxmox_node_network_iface action=update": {
    before: [bridge, "POST /nodes/pve1/network iface=bond0 type=bond bond_mode=balance-rr", vlan],
    with: { mtu: 1500 },
    apart: {
      ...byType,
      bond_mode: { iface: "bond0", bond_mode: "active-backup" },
      bond_primary: { ...bond, bond_mode: "active-backup", bond_primary: "nic1" },
      "vlan-id": { iface: "nic1.7", "vlan-id": 8, "vlan-raw-device": "nic1" },
      "vlan-raw-device": { iface: "nic1.7", "vlan-raw-device": "nic0" },
      cidr: { cidr: "192.0.2.88/24" },
      delete: { delete: "mtu" },
    },
    effect: ["GET /nodes/{node}/network has iface=vmbr7 bridge_ports=nic1 autostart=1 mtu=~."],
  },
  "proxmox_node_network_iface action=delete": {
    before: [bridge, "PUT /nodes/pve1/network"],
    effect: ["GET /nodes/{node}/network lacks iface=vmbr7 active=1"],
  },
  "proxmox_node_network_iface action=apply": {
    before: [bridge],
    apart: { revert: { revert: 1 } },
    elsewhere: { revert: ["DELETE /nodes/{node}/network"] },
    effect: ["GET /nodes/{node}/network has iface=vmbr7 active=1"],
    effects: { revert: ["GET /nodes/{node}/network lacks iface=vmbr7"] },
  },
  proxmox_node_disk: {
    given: { disk: "/dev/vda", include_partitions: 1, skip_smart: 1, type: "unused", health_only: 1 },
  },
  "proxmox_node_disk_admin action=init_gpt": {
    given: { disk: "/dev/sdb", uuid: "6e5b1c9a-7f3a-4b59-9a6e-0c1d2e3f4a5b" },
    effect: [task("diskinit")],
  },
  "proxmox_node_disk_admin action=wipe": { given: { disk: "/dev/sdb" }, ends: /root@pam/ },
};
