import Router from '@koa/router'
import { type AddressRouteDeps, addAddressRoutes } from './address-routes.ts'
import { addFormRoutes, type FormRouteDeps } from './form-routes.ts'

/** `/register`: the address first, then the form, then the account. */
export function registrationRoutes(deps: AddressRouteDeps & FormRouteDeps): Router {
  const router = new Router()
  addAddressRoutes(router, deps)
  addFormRoutes(router, deps)
  return router
}
