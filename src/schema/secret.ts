// Owns the question which arguments are secret: their values are never quoted.

const SECRET =
  /pass(?:word|wd|phrase)?\d?$|secret|token|key$|^keys$|keyring|private|credential|ticket|challenge|otp|^(?:data|header|code|response|input-data)$/i;

/** What only names tokens: PVE shows it everywhere, and who reads an answer has to know which token is meant. */
const NAMES = /^token(?:s|[-_]?(?:id|name))$/i;

/** Whether the value of an argument or key of this name is to be kept from messages and logs. */
export function isSecret(name: string): boolean {
  return SECRET.test(name) && !NAMES.test(name);
}
