/** The version in package.json. Written here too, because that file is not beside every compiled program. */
export const version = '0.2.0';
