export declare class Interrupted extends Error {
  readonly exitCode: number
}

export type Ended = {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  readonly error?: Error
}

export declare function runToEnd(
  command: string,
  args: readonly string[],
  options?: {
    readonly ownGroup?: boolean
    readonly cwd?: string
    readonly env?: NodeJS.ProcessEnv
    readonly shell?: boolean
  },
): Promise<Ended>

export declare function outputOf(result: Ended): string
