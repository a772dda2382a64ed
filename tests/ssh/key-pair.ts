// Owns the keys that the tests make. ssh2's own making of Ed25519 keys loses a leading zero: one in some hundred can't be read.
import ssh2 from "ssh2";

export interface KeyPair {
  readonly private: string;
  readonly public: string;
}

export function ed25519Pair(passphrase?: string): KeyPair {
  for (;;) {
    const pair =
      passphrase === undefined
        ? ssh2.utils.generateKeyPairSync("ed25519")
        : ssh2.utils.generateKeyPairSync("ed25519", { passphrase, cipher: "aes256-ctr", rounds: 16 });
    const read = [ssh2.utils.parseKey(pair.public), ssh2.utils.parseKey(pair.private, passphrase)];
    if (!read.some((key) => key instanceof Error)) return pair;
  }
}
