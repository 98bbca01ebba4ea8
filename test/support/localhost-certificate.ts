/**
 * A key and its self-signed certificate for localhost, valid until 2126, so a test of TLS needs no
 * program to create one. They are published with this project: never use them for anything else.
 */
export const localhostKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgqeSc2C7cqwq7fXJF
qtEBM5AAVNqQBeScllr4ED9KDQyhRANCAARgM0T/bqeKoyBn4CjeUpVUW1NNfr0m
zRmmSb/42I5RwfwOp6iFWaYcCt0849qnYlQptAXL26Ct3YASl4+5moUs
-----END PRIVATE KEY-----
`;

export const localhostCertificate = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUaBIgws9xo9JKNZ/YVyxxrq8wIfEwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTA4MzYwNFoYDzIxMjYxMDI4
MDgzNjA0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARgM0T/bqeKoyBn4CjeUpVUW1NNfr0mzRmmSb/42I5RwfwOp6iFWaYc
Ct0849qnYlQptAXL26Ct3YASl4+5moUso28wbTAdBgNVHQ4EFgQUKSZ9zm7FYZP4
Zf4pXeWJ8g6frLowHwYDVR0jBBgwFoAUKSZ9zm7FYZP4Zf4pXeWJ8g6frLowDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhAO8QqOWbdusEmzcIopko4bqVOlgX4XCww8xgED/EEg6ZAiAf
MaZutxO5raYGAMfcxeI8vlNey8E2k50yIimRELMwhQ==
-----END CERTIFICATE-----
`;
