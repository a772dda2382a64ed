// What a genuine PVE 9.2 answered of consoles: bodies as they came, signatures and certificates shortened.

/** POST /nodes/pve1/lxc/240/vncproxy with websocket=1 */
export const containerScreen = {
  upid: "UPID:pve1:000044EA:00072C54:6B059D69:vncproxy:240:root@pam!mcp:",
  password: "F'._YE=M",
  port: "5901",
  ticket: "F'._YE=M:PVEVNC:6B059D69::KVJeFLvyuvnBZfNQWf0D==",
  user: "root@pam!mcp",
};

/** POST /nodes/pve1/qemu/100/vncproxy with websocket=1 */
export const vmScreen = {
  user: "root@pam!mcp",
  ticket: "*&21NA<N:PVEVNC:6B059D73::SOLYLcAzVUo2H3WQzc+n==",
  port: "5906",
  password: "*&21NA<N",
  upid: "UPID:pve1:000045E3:00073007:6B059D73:vncproxy:100:root@pam!mcp:",
};

/** POST /nodes/pve1/qemu/102/spiceproxy */
export const spice = {
  "host-subject": "OU=PVE Cluster Node,O=Proxmox Virtual Environment,CN=pve1.example.test",
  "release-cursor": "Ctrl+Alt+R",
  "tls-port": 61000,
  proxy: "http://pve1.example.test:3128",
  type: "spice",
  host: "pvespiceproxy:6b0597cd:102:pve1:61000::33ea22b79c7d88ae58fcd467705dc67611807fd8",
  ca: "-----BEGIN CERTIFICATE-----\\nMIIF3TCCA8WgAwIBAgIUJqQRHLGzyTXX/h13u3EWc=\\n-----END CERTIFICATE-----\\n",
  "delete-this-file": 1,
  password: "7c3df97bd6640513ddf3b194b44d8f295252616f",
  "secure-attention": "Ctrl+Alt+Ins",
  "toggle-fullscreen": "Shift+F11",
  title: "VM 102 - app1",
};
