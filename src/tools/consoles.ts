// Consoles of guests: the tickets that open them.
import { opened, serialPort, viewerFile, websocket } from "../handlers/consoles.ts";
import { exec } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

export const consoleTools = [
  tool(
    "proxmox_console_vnc",
    "VNC ticket for a guest's screen: lasts 10 s",
    exec("POST /nodes/{node}/{type}/{vmid}/vncproxy", {
      compose: websocket,
      done: "VNC ticket for {guest}",
      fields: "websocket password ticket port user upid",
      present: opened("novnc", ({ password }) =>
        password === undefined ? "The VNC password is the ticket." : "The VNC password is the one above.",
      ),
    }),
  ),
  tool(
    "proxmox_console_term",
    "Terminal ticket for a container or a VM's serial port",
    exec("POST /nodes/{node}/{type}/{vmid}/termproxy", {
      show: ["serial"],
      compose: serialPort,
      done: "Terminal ticket for {guest}",
      fields: "websocket ticket port user upid",
      present: opened("xtermjs", () => "First send the line `USER:TICKET` with user and ticket from above."),
    }),
  ),
  tool(
    "proxmox_console_spice",
    "SPICE file for a VM's screen: needs vga=qxl",
    exec("POST /nodes/{node}/qemu/{vmid}/spiceproxy", {
      show: ["proxy"],
      hints: { proxy: "node that the viewer reaches" },
      done: "SPICE file for {guest}",
      present: viewerFile,
    }),
  ),
];
