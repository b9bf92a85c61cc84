/** A certificate of its own making for `flink-rest.default`, good for a hundred years; worth nothing outside these tests. */
export const restCertificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgED3CoIUKwr1vBwL+
LnIh+oZturNPBLHvJWhTXErSOoShRANCAARUTdi92dqwNa4lpBPHXQmSgPT+cpU+
GpjxzI/fESdGFI/uljD8pxZQUZUnchu319/rdOu1kc9UEhN3FhDUbjZq
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBrzCCAVagAwIBAgIUP1ZLJJvmAY07tmJ5bALnzleaotswCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwSZmxpbmstcmVzdC5kZWZhdWx0MCAXDTI2MTEyMjEyNDUzM1oY
DzIxMjYxMDI5MTI0NTMzWjAdMRswGQYDVQQDDBJmbGluay1yZXN0LmRlZmF1bHQw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARUTdi92dqwNa4lpBPHXQmSgPT+cpU+
GpjxzI/fESdGFI/uljD8pxZQUZUnchu319/rdOu1kc9UEhN3FhDUbjZqo3IwcDAd
BgNVHQ4EFgQUMfRX6ghWXrnDZ7TDZBdVDxGjhncwHwYDVR0jBBgwFoAUMfRX6ghW
XrnDZ7TDZBdVDxGjhncwDwYDVR0TAQH/BAUwAwEB/zAdBgNVHREEFjAUghJmbGlu
ay1yZXN0LmRlZmF1bHQwCgYIKoZIzj0EAwIDRwAwRAIgeShIx4wQwEc3pV+Fmqul
du0kJuSPTooNRPEsjesGud8CIHkbb4L4yjnVB8TGKLcNA2atwft/qS50wvwCem9P
XJL1
-----END CERTIFICATE-----`,
} as const;
