//! JWE, JWS and JWK(S) in compact serialisation, with a closed list of algorithms
