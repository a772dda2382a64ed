// Names that PVE knows: CPU models, ICMP types, services with a port.

/** QEMU's CPU models. Source: GET /nodes/{node}/capabilities/qemu/cpu. */
export const cpuModels: ReadonlySet<string> = new Set(
  (
    "486 Broadwell Broadwell-IBRS Broadwell-noTSX Broadwell-noTSX-IBRS Cascadelake-Server " +
    "Cascadelake-Server-noTSX Cascadelake-Server-v2 Cascadelake-Server-v4 Cascadelake-Server-v5 " +
    "ClearwaterForest Conroe Cooperlake Cooperlake-v2 EPYC EPYC-Genoa EPYC-Genoa-v2 EPYC-IBPB EPYC-Milan " +
    "EPYC-Milan-v2 EPYC-Milan-v3 EPYC-Rome EPYC-Rome-v2 EPYC-Rome-v3 EPYC-Rome-v4 EPYC-Rome-v5 EPYC-Turin " +
    "EPYC-v3 EPYC-v4 EPYC-v5 GraniteRapids GraniteRapids-v2 GraniteRapids-v3 Haswell Haswell-IBRS " +
    "Haswell-noTSX Haswell-noTSX-IBRS Icelake-Client Icelake-Client-noTSX Icelake-Server " +
    "Icelake-Server-noTSX Icelake-Server-v3 Icelake-Server-v4 Icelake-Server-v5 Icelake-Server-v6 " +
    "Icelake-Server-v7 IvyBridge IvyBridge-IBRS KnightsMill Nehalem Nehalem-IBRS Opteron_G1 Opteron_G2 " +
    "Opteron_G3 Opteron_G4 Opteron_G5 Penryn SandyBridge SandyBridge-IBRS SapphireRapids SapphireRapids-v2 " +
    "SapphireRapids-v3 SapphireRapids-v4 SierraForest SierraForest-v2 SierraForest-v3 Skylake-Client " +
    "Skylake-Client-IBRS Skylake-Client-noTSX-IBRS Skylake-Client-v4 Skylake-Server Skylake-Server-IBRS " +
    "Skylake-Server-noTSX-IBRS Skylake-Server-v4 Skylake-Server-v5 Westmere Westmere-IBRS athlon core2duo " +
    "coreduo host kvm32 kvm64 max pentium pentium2 pentium3 phenom qemu32 qemu64 x86-64-v2 x86-64-v2-AES " +
    "x86-64-v3 x86-64-v4"
  ).split(" "),
);

/** ICMP and ICMPv6 types by name, as iptables names them. */
export const icmpTypes: ReadonlySet<string> = new Set(
  (
    "any echo-reply destination-unreachable network-unreachable host-unreachable protocol-unreachable " +
    "port-unreachable fragmentation-needed source-route-failed network-unknown host-unknown " +
    "network-prohibited host-prohibited TOS-network-unreachable TOS-host-unreachable " +
    "communication-prohibited host-precedence-violation precedence-cutoff source-quench redirect " +
    "network-redirect host-redirect TOS-network-redirect TOS-host-redirect echo-request router-advertisement " +
    "router-solicitation time-exceeded ttl-zero-during-transit ttl-zero-during-reassembly parameter-problem " +
    "ip-header-bad required-option-missing timestamp-request timestamp-reply address-mask-request " +
    "address-mask-reply no-route beyond-scope address-unreachable failed-policy reject-route packet-too-big " +
    "bad-header unknown-header-type unknown-option neighbour-solicitation neighbor-solicitation " +
    "neighbour-advertisement neighbor-advertisement"
  ).split(" "),
);

/** Services that stand for a port in a firewall rule; those that one meets. */
export const services: ReadonlySet<string> = new Set(
  (
    "ftp-data ftp ssh telnet smtp time whois domain bootps bootpc tftp gopher finger http kerberos pop3 " +
    "sunrpc auth nntp ntp netbios-ns netbios-dgm netbios-ssn imap2 imap snmp snmp-trap bgp irc ldap https " +
    "microsoft-ds submission ldaps ipp rsync ftps telnets imaps pop3s openvpn ms-sql-s ms-sql-m oracle nfs " +
    "mysql svn postgresql sip sip-tls xmpp-client xmpp-server radius radius-acct syslog syslog-tls isakmp " +
    "socks x11 redis git puppet iscsi-target zabbix-agent zabbix-trapper"
  ).split(" "),
);
