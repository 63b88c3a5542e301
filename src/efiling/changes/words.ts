/** Where the address for a court's notices is kept, since it is never the account's. */
export const serviceAddressWords =
  'The addresses at which a court sends you its notices are not changed by this. In a district or bankruptcy court you change them in that court’s CM/ECF, under “Utilities”, “Maintain Your CM/ECF Account”. In a court of appeals you change them where that court keeps them, under “Manage My Account”.'
