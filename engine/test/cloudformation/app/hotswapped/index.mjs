export const handler = async () => ({ code: 'hotswapped', limit: process.env.LIMIT });
