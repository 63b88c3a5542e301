export function findProgram(
  names: string | readonly string[],
  folders?: readonly string[],
): string | undefined
export function findPostgres(name: string): string | undefined
export function findRedis(name: string): string | undefined
export function findChromium(): string | undefined
export function findChromiumShell(): string | undefined
export function findFirefox(): string | undefined
export function findWebKitDriver(): string | undefined
export function findMiniBrowser(): string | undefined
export function findXvfb(): string | undefined
export function findNginx(): string | undefined
export function findApache(): string | undefined
export function findApacheModule(name: string): string | undefined
export function findSpin(): string | undefined
export function findGcc(): string | undefined
export function missingPackages(): string[]
export function ensureServices(): Promise<void>
