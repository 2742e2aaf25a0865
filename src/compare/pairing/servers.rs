//! The HTTP routes of both schemas, and which server of one is which of the other.

use std::sync::OnceLock;

use super::names::Names;
use super::{Comparison, Pair, own_files};
use crate::compare::http::{Realm, Routes, host};
use crate::schema::{Method, Service};

/// The routes of the earlier schema and of the later one, found when they are asked for.
#[derive(Default)]
pub(super) struct Servers<'s>(OnceLock<[Routes<'s>; 2]>);

impl<'s> Names<'s> {
    fn rpc(&self, before: Method<'s>) -> Option<Method<'s>> {
        self.service(before.parent())?.methods().find(|after| after.name() == before.name())
    }

    /// The root and the name of the later server that a service of the earlier schema is on, likeliest first.
    fn servers(&self, before: Service<'s>) -> Vec<(u32, String)> {
        if let Some(after) = self.service(before) {
            return vec![(self.roots.key(after.file()), server(after))];
        }
        let package = || self.files.get(&before.file().index).unwrap_or(&before.file()).package().unwrap_or_default();
        let name = host(before).unwrap_or_else(|| package().to_owned());
        self.roots.keys(before.file()).iter().map(|root| (*root, name.clone())).collect()
    }
}

/// The host of a service, or its package: one server has all services of either.
fn server(service: Service<'_>) -> String {
    host(service).unwrap_or_else(|| service.file().package().unwrap_or_default().to_owned())
}

impl<'s> Comparison<'s> {
    /// What an rpc of the earlier schema is in the later one.
    pub(crate) fn rpc(&self, before: Method<'s>) -> Option<Method<'s>> {
        self.names.rpc(before)
    }

    fn routes(&self) -> &[Routes<'s>; 2] {
        self.servers.0.get_or_init(|| {
            let before = Routes::new(own_files(self.before).map(|file| (file.root(), file)), server);
            if before.is_empty() {
                return [before, Routes::default()];
            }
            let after = Routes::new(own_files(self.after).map(|file| (self.names.roots.key(file), file)), server);
            let after = after.after(&before, |rpc| self.names.rpc(rpc));
            [before, after]
        })
    }

    /// Whether rpcs of the earlier schema have HTTP bindings.
    pub(crate) fn has_routes(&self) -> bool {
        !self.routes()[0].is_empty()
    }

    /// The routes of the server that an rpc of the earlier schema is on, before and now.
    pub(crate) fn realms(&self, before: Method<'s>) -> Option<Pair<&Realm<'s>>> {
        let [old, new] = self.routes();
        let realm = old.realm(&(before.file().root(), server(before.parent())))?;
        let now = self.names.servers(before.parent()).iter().find_map(|key| new.realm(key));
        Some(Pair { before: realm, after: now.unwrap_or(new.none()) })
    }
}
