// Owns ArkType's configuration, which must be made before arktype is imported: compiling a check costs more than it
// saves for a value that is checked once, and needs `eval`.
import { configure } from "arktype/config";

configure({ jitless: true });
