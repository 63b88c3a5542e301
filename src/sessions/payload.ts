/** What the engine stores of a model: JSON, without the identifier it is stored under. */
export type { AdapterPayload as Payload } from 'oidc-provider'
