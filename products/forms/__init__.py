"""Input to clean data. Rules are said by the services."""

from products.forms.desk import CommuneReportForm, EnterDossierForm, SamplesForm, SectionForm
from products.forms.dossiers import DraftForm, RegistrationForm
from products.forms.entities import EntityForm
from products.forms.products import ProductForm
from products.forms.steps import ReasonForm

__all__ = [
    "CommuneReportForm",
    "DraftForm",
    "EnterDossierForm",
    "EntityForm",
    "ProductForm",
    "ReasonForm",
    "RegistrationForm",
    "SamplesForm",
    "SectionForm",
]
