export type Arguments = {
  withServices: boolean
  generateOnly: boolean
  nodeFlags: string[]
  file: string | undefined
  rest: string[]
}
type LockedPackage = {
  version?: string
  integrity?: string
  optional?: boolean
  devOptional?: boolean
  link?: boolean
}
export type LockFile = { packages: Record<string, LockedPackage> }

export function parseArguments(values: readonly string[]): Arguments
export function sha256Hex(...parts: (string | Uint8Array)[]): string
export function lockStamp(root: string): string
export function schemaStamp(root: string): string
export function isStamped(file: string, stamp: string): boolean
export function isInstalledFrom(lock: LockFile, installed: LockFile | undefined): boolean
export function ensureDependencies(root: string): Promise<void>
export function findNode(root: string, platform?: string, arch?: string): string
export function compileCache(root: string): string
export function ensurePrismaClient(root: string, node: string): Promise<void>
export function exclusively<T>(root: string, work: () => Promise<T>): Promise<T>
