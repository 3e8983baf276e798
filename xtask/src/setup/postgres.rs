//! PostgreSQL for the tests of the relay's store. They start a server of their
//! own; one that runs already is left alone.

use super::debian;

/// Whether PostgreSQL's programs are on this machine; installed with apt when
/// this is Debian and the user is root.
pub fn available() -> bool {
    if test_postgres::programs().is_some() {
        return true;
    }
    let installed = debian::install(
        "PostgreSQL, which the tests of the relay's second store start,",
        &["postgresql"],
        "install PostgreSQL so that initdb is on the PATH",
    );
    if let Err(error) = &installed {
        println!("{error:#}");
    }
    test_postgres::programs().is_some()
}
